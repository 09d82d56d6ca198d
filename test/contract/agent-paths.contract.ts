import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent } from '../../src/resources/agent/agent.resource.js';
import { rawExchange, statusesIn } from '../harness/raw-http.js';
import { temporaryFolder } from '../harness/temporary-folder.js';
import { GuardedApplication } from './auth/guarded-application.js';

const CARD = '.well-known/agent-card.json';

/** RFC 3986, §2: `%65` is `e`, and `%2F` is no slash between segments. */
describe('the path of an agent', () => {
  const folder = temporaryFolder({ keep: 'block' });
  let house: GuardedApplication;
  let url: string;
  beforeAll(async () => {
    house = await GuardedApplication.start(folder(), { authMode: 'none' });
    for (const name of ['echo', 'v1.echo', 'a2a'])
      await house.put(Agent, { metadata: { name, namespace: 'default' }, spec: { prompt: 'x' } });
    await house.app.listen(0, '127.0.0.1');
    url = await house.app.getUrl();
  });
  afterAll(() => house?.stop());

  /** On a socket: clients tidy paths up. */
  async function ask(method: string, path: string, body = ''): Promise<{ status: number; body: string }> {
    const head = `Host: ark.localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close`;
    const text = await rawExchange(url, `${method} ${path} HTTP/1.1\r\n${head}\r\n\r\n${body}`);
    return { status: statusesIn(text)[0] ?? 0, body: text.slice(text.indexOf('\r\n\r\n') + 4) };
  }

  it.each([
    ['/agent/echo', '/agent/echo/'],
    ['/agent/%65cho', '/agent/echo/'],
    ['/%61gent/echo', '/agent/echo/'],
    ['/a2a/agent/ech%6F', '/a2a/agent/echo/'],
    ['/%612a/agent/echo', '/a2a/agent/echo/'],
    ['/ns/%64efault/agent/echo', '/ns/default/agent/echo/'],
    ['/agent/v1.echo', '/agent/v1.echo/'],
    ['/agent/v1%2eecho', '/agent/v1.echo/'],
    ['/agent/a2a', '/agent/a2a/'],
  ])('is read as %s, and its card says %s', async (asked, named) => {
    const { status, body } = await ask('GET', `${asked}/${CARD}`);
    expect(status).toBe(200);
    const card = JSON.parse(body) as { url: string; supportedInterfaces: { url: string }[] };
    expect(card.url).toBe(`http://ark.localhost${named}`);
    expect(new Set(card.supportedInterfaces.map((each) => each.url))).toEqual(new Set([card.url]));
    const call = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tasks/get', params: { id: 't' } });
    expect((await ask('POST', `${asked}/`, call)).body).toContain('-32001');
    expect((await ask('GET', `${asked}/tasks/t`)).body).toContain("task 't' does not exist");
  });

  it('is listed as it is called', async () => {
    for (const [list, mount] of [
      ['/%61gents', '/agent'],
      ['/%612a/agents', '/a2a/agent'],
      ['/ns/%64efault/agents', '/ns/default/agent'],
    ]) {
      const agents = JSON.parse((await ask('GET', `${list}`)).body) as Record<string, string>[];
      const cards = ['a2a', 'echo', 'v1.echo'].map((name) => `http://ark.localhost${mount}/${name}/`);
      expect(agents.map((each) => each['agent-card'])).toEqual(cards.map((at) => `${at}.well-known/agent.json`));
    }
  });

  it.each(['/agent/%zz/', '/agent/%/', '/agent/%ff/', '/ns/%zz/agents', '/agent/echo/tasks/%zz', '/agents%'])(
    'with a bad escape, as %s has, is refused',
    async (path) => {
      const { status, body } = await ask('GET', path);
      expect([status, JSON.parse(body)]).toEqual([400, expect.objectContaining({ status: 400 })]);
    },
  );

  it.each([
    ['/agent%2Fecho/', 'nothing is served'],
    ['/agent/echo%2F/', 'no agent or team'],
    ['/agent/default%2Fecho/', 'no agent or team'],
    ['/agent/%2565cho/', 'no agent or team'],
    ['/agent/..%2Fagent%2Fecho/', 'no agent or team'],
    ['/agent/v1.echo/%2e%2e/echo/', 'no operation'],
    [`/agent/echo/.well-known%2Fagent-card.json`, 'no operation'],
    ['/agent/echo/tasks%2Ft', 'no operation'],
    ['/agent/echo/v1%2Ftasks%2Ft', 'no operation'],
    ['/agent/echo/tasks/t%2FpushNotificationConfigs', "task 't/pushNotificationConfigs' does not exist"],
    ['/agent/echo/tasks/t%252F', "task 't%2F' does not exist"],
  ])('is not changed by escaped slashes and dots in %s', async (path, why) => {
    const { status, body } = await ask('GET', path);
    expect([status, body]).toEqual([404, expect.stringContaining(why)]);
  });
});
