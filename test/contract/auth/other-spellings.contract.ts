import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ODD_NAMES, PATH_TRICKS } from '../../harness/path-tricks.js';
import { rawExchange, statusesIn } from '../../harness/raw-http.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';
import { ADMIN_TOKEN, GuardedApplication, type ServedRoute } from './guarded-application.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** A live stream would wait for its Query. */
const STREAM = /\/stream\/:query$/;
const AT_ONCE = 8;

interface Attempt {
  method: string;
  path: string;
}
interface Outcome {
  attempt: Attempt;
  status: number;
  text: string;
}

describe('other spellings of the path of every route', () => {
  const folder = temporaryFolder({ keep: 'block' });
  let house: GuardedApplication;
  let url: string;
  /** Those that want a credential. */
  let closed: ServedRoute[];

  beforeAll(async () => {
    house = await GuardedApplication.start(folder(), { authMode: 'token' }, { ARK_RATE_LIMIT: '0' });
    await house.app.listen(0, '127.0.0.1');
    url = await house.app.getUrl();
    closed = [];
    for (const route of house.routes) {
      if (!METHODS.includes(route.method)) continue;
      const { status } = await house.request({ ...route, url: named(route, 'x') });
      if (status === 401) closed.push(route);
    }
  });
  afterAll(() => house?.stop());

  const named = (route: ServedRoute, name: string) =>
    route.url.replace(':namespace', 'default').replace(/:\w+|\*/g, name);

  /** What comes of the attempts, several at a time, on sockets: clients tidy paths up. */
  async function outcomes(attempts: Attempt[], key?: string): Promise<Outcome[]> {
    const found: Outcome[] = [];
    const left = [...attempts];
    const worker = async () => {
      for (let attempt = left.pop(); attempt; attempt = left.pop()) {
        const credentials = key ? `Authorization: ${key}\r\n` : '';
        const head = `Host: h\r\n${credentials}Content-Length: 0\r\nConnection: close`;
        const text = await rawExchange(url, `${attempt.method} ${attempt.path} HTTP/1.1\r\n${head}\r\n\r\n`);
        found.push({ attempt, status: statusesIn(text)[0] ?? 0, text });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return found;
  }
  const shown = (bad: Outcome[]) => bad.map(({ attempt, status }) => `${status} ${attempt.method} ${attempt.path}`);
  const spellings = (routes: ServedRoute[]) =>
    routes.flatMap((route) => {
      const tricks = PATH_TRICKS.map((trick) => trick(named(route, 'x')));
      const names = /:\w+|\*/.test(route.url) ? ODD_NAMES.map((name) => named(route, name)) : [];
      return [...tricks, ...names].map((path) => ({ method: route.method, path }));
    });
  /** A refusal, or a probe, which everybody may ask. */
  const isHarmless = ({ status, text }: Outcome) =>
    (status >= 400 && status < 500 && status !== 429) ||
    (status === 200 && /\r\n\r\n(ok|\{"status":\s*"ok")/.test(text));

  it('open none of them without credentials', async () => {
    expect(closed.length).toBeGreaterThan(40);
    const all = await outcomes(spellings(closed));
    expect(shown(all.filter((each) => !isHarmless(each)))).toEqual([]);
  });

  it('open none of them to an admin of another namespace', async () => {
    const all = await outcomes(spellings(closed), await house.key('admin@elsewhere'));
    expect(shown(all.filter((each) => !isHarmless(each)))).toEqual([]);
  });

  it('are no fault of the runtime, whoever asks', async () => {
    const routes = closed.filter((route) => !STREAM.test(route.url));
    const all = await outcomes(spellings(routes), `Bearer ${ADMIN_TOKEN}`);
    expect(shown(all.filter(({ status }) => status < 200 || status >= 500))).toEqual([]);
  });
});
