import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent } from '../../../src/resources/agent/agent.resource.js';
import { eventually } from '../../harness/eventually.js';
import { freePort } from '../../harness/free-port.js';
import { rawExchange, SMUGGLED, smuggled, statusesIn } from '../../harness/raw-http.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';
import { ADMIN_TOKEN, GuardedApplication } from './guarded-application.js';

const ADMIN = `Bearer ${ADMIN_TOKEN}`;
const MIB = 1 << 20;
const AGENT = '/ns/default/agent/bird/';

/** The head of a POST that announces a body; what follows it is sent by whoever wants to. */
const head = (path: string, authorization: string | undefined, ...more: string[]) =>
  [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    ...(authorization ? [`Authorization: ${authorization}`] : []),
    ...more,
    '\r\n',
  ].join('\r\n');
const LONG = `Content-Length: ${8 * MIB}`;

describe('the body of a request', () => {
  const folder = temporaryFolder({ keep: 'block' });
  const elsewhere = temporaryFolder();
  let house: GuardedApplication;
  let url: string;
  let gateway: string;
  beforeAll(async () => {
    const port = await freePort();
    const env = { ARK_GATEWAY_PORT: String(port) };
    house = await GuardedApplication.start(folder(), { authMode: 'token' }, env);
    await house.put(Agent, { metadata: { name: 'bird', namespace: 'default' }, spec: { prompt: 'x' } });
    await house.app.listen(0, '127.0.0.1');
    url = await house.app.getUrl();
    gateway = `http://127.0.0.1:${port}`;
  });
  afterAll(() => house?.stop());

  const post = async (path: string, body: string) => {
    const headers = { authorization: ADMIN, 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body });
    return { status: response.status, text: await response.text() };
  };

  it('is waited for a minute, which Node.js looks at every half', () => {
    expect(house.app.getHttpServer()).toMatchObject({ requestTimeout: 60_000 });
  });

  it('is not waited for where nobody proves who sends it, at any door', async () => {
    const chunked = 'Transfer-Encoding: chunked';
    for (const path of ['/messages', '/v1/api-keys', '/evaluate', '/engines/echo/', AGENT]) {
      for (const length of [LONG, chunked]) {
        const answer = await rawExchange(url, head(path, undefined, length), 100);
        expect([path, length, statusesIn(answer)]).toEqual([path, length, [401]]);
        expect(answer.toLowerCase()).toContain('www-authenticate: bearer');
      }
    }
    expect(statusesIn(await rawExchange(gateway, head(AGENT, undefined, LONG), 100))).toEqual([401]);
    expect(statusesIn(await rawExchange(url, head('/nowhere', undefined, LONG), 100))).toEqual([404]);
  });

  it('is not waited for where its sender may not do what it asks for, or pretends to be another', async () => {
    const key = await house.key('reader');
    expect(statusesIn(await rawExchange(url, head('/messages', key, LONG), 100))).toEqual([403]);
    const borrowed = head('/messages', ADMIN, LONG, 'Impersonate-User: system:admin');
    expect(statusesIn(await rawExchange(url, borrowed, 100))).toEqual([403]);
  });

  it('is not waited for where its sender was told to wait', async () => {
    const slow = await GuardedApplication.start(elsewhere(), { authMode: 'token' }, { ARK_RATE_LIMIT: '1' });
    try {
      await slow.app.listen(0, '127.0.0.1');
      const [one, large] = [await slow.key('user'), head('/messages', ADMIN, LONG)];
      expect((await slow.request({ method: 'GET', url: '/agents' }, one)).status).toBe(200);
      // The admin made the key.
      for (const asked of [large, large.replace(ADMIN, one)]) {
        expect(statusesIn(await rawExchange(await slow.app.getUrl(), asked, 100))).toEqual([429]);
      }
    } finally {
      await slow.stop();
    }
  });

  it('is not parsed where it has more values than anybody sends', async () => {
    const many = `[${'{},'.repeat(3 * MIB)}{}]`;
    const { status, text } = await post('/messages', many);
    expect([status, text]).toEqual([400, expect.stringContaining('more than 200000 values')]);
    await eventually(async () => expect((await post(AGENT, many)).text).toContain('more than 200000 values'));
    const prose = JSON.stringify({ messages: [{ role: 'user', content: 'a, b: [c] {d} "e", '.repeat(300_000) }] });
    expect((await post('/messages', prose)).text).not.toContain('values');
  });

  it('waits where very large ones are being read, and small ones never do', async () => {
    const sockets = Array.from({ length: 12 }, () => {
      const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
      let text = '';
      socket.on('data', (data) => {
        text += data.toString();
      });
      socket.on('error', () => {});
      socket.write(`${head('/messages', ADMIN, LONG)}{"a":"`);
      return { socket, said: () => text };
    });
    try {
      await eventually(() => {
        const refused = sockets.map(({ said }) => said().toLowerCase()).filter((said) => / 503 /.test(said));
        // Four at least: those of a test before may not have let go of their room yet.
        expect(refused.length).toBeGreaterThanOrEqual(4);
        expect(refused.filter((said) => !/retry-after: \d+/.test(said))).toEqual([]);
      });
      expect((await post('/conversations', '{}')).status).toBe(201);
    } finally {
      for (const { socket } of sockets) socket.destroy();
    }
    // Also who was gone before anybody was asked about them.
    const broken = head('/messages', ADMIN, 'Transfer-Encoding: chunked');
    await Promise.all(Array.from({ length: 12 }, () => rawExchange(url, `${broken}-1\r\n`, 100)));
    // Who hangs up leaves the room to others.
    await eventually(async () => expect((await post('/messages', `"${'x'.repeat(8 * MIB)}"`)).status).toBe(400));
  });

  it.each(SMUGGLED)('hides no second request behind %s at the door of agents', async (_name, lines, body) => {
    const headers = ['Content-Type: application/json', `Authorization: ${ADMIN}`];
    const answers = statusesIn(await rawExchange(gateway, smuggled(lines, body, AGENT, '/health', headers), 100));
    expect(answers.filter((status) => status < 400)).toEqual([]);
    expect(answers.length).toBeLessThanOrEqual(1);
  });

  it('is read of JSON alone', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const headers = { authorization: ADMIN, 'content-type': type };
      const response = await fetch(`${url}/messages`, { method: 'POST', headers, body: 'a=1' });
      expect([type, response.status]).toEqual([type, 415]);
    }
  });
});
