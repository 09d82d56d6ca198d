import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { Agent } from '../../../src/resources/agent/agent.resource.js';
import { Namespace } from '../../../src/resources/core/namespace.resource.js';
import { machineAddress } from '../../harness/cluster/machine-address.js';
import { eventually } from '../../harness/eventually.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';
import { ADMIN_TOKEN, GuardedApplication } from './guarded-application.js';

const ADMIN = `Bearer ${ADMIN_TOKEN}`;
const MESSAGES = { method: 'GET', url: '/messages' };
const MESSAGES_OF_OTHERS = { method: 'POST', url: '/messages?namespace=team-a' };
const AGENT = { method: 'POST', url: '/ns/team-a/agent/bird/' };
const rpc = (method: string, params = {}) => ({ jsonrpc: '2.0', id: 7, method, params });

describe('the doors', () => {
  const folder = temporaryFolder();
  let house: GuardedApplication | undefined;
  afterEach(async () => {
    await house?.stop();
    house = undefined;
  });
  const start = async (env: Record<string, string>, authMode = 'token') => {
    house = await GuardedApplication.start(folder(), { authMode }, env);
    return house;
  };

  describe('write down', () => {
    const linesIn = (file: string) =>
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);

    it('who changed what, who was not let, and no more than that', async () => {
      const file = join(folder(), 'audit.log');
      const doors = await start({ ARK_AUDIT_LOG: file });
      await doors.put(Namespace, { metadata: { name: 'team-a' } });
      await doors.put(Agent, { metadata: { name: 'bird', namespace: 'team-a' }, spec: { prompt: 'x' } });
      await eventually(async () => {
        const { body } = await doors.request({ method: 'GET', url: '/ns/team-a/agents' }, ADMIN);
        expect(body).toContain('bird');
      });
      const key = await doors.key('reader');
      await doors.request(MESSAGES, key);
      await doors.request({ method: 'DELETE', url: '/conversations?namespace=team-a&token=hunter2' }, key);
      await doors.request({ method: 'DELETE', url: '/conversations' });
      await doors.request({ method: 'DELETE', url: `/v1/api-keys/${key.replace('Bearer ', '')}` }, ADMIN);
      await doors.request(AGENT, ADMIN, rpc('tasks/get', { id: 'x' }));
      await doors.request(AGENT, ADMIN, rpc('message/send', { message: { text: 'hunter2' } }));
      const borrowed = { 'impersonate-user': 'system:admin', authorization: ADMIN };
      await doors.app.inject({ method: 'DELETE', url: '/conversations', headers: borrowed });
      await eventually(() => expect(linesIn(file)).toHaveLength(6));
      const [made, denied, unknown, revoked, sent, pretended] = linesIn(file);
      const [publicKey, secret] = key.replace('Bearer ', '').split('.');
      const id = `api-keys/${publicKey}`;
      expect(made).toMatchObject({
        audit: 1,
        caller: 'admin',
        verb: 'administer',
        object: id,
        outcome: 'done',
        status: 201,
      });
      expect(Date.parse(String(made?.time))).toBeGreaterThan(Date.now() - 600_000);
      expect(denied).toMatchObject({
        caller: 'key:test',
        callerId: publicKey,
        verb: 'change',
        outcome: 'denied',
        target: { namespace: 'team-a' },
      });
      expect(unknown).toMatchObject({ method: 'DELETE', route: '/conversations', outcome: 'denied', status: 401 });
      expect(unknown).not.toHaveProperty('caller');
      expect(revoked).toMatchObject({ target: { publicKey: `${publicKey}.sk-ark-…` }, outcome: 'failed' });
      expect(sent).toMatchObject({ operation: 'message/send', target: { namespace: 'team-a', name: 'bird' } });
      expect(sent).toMatchObject({ verb: 'use', outcome: 'failed', status: 200 });
      expect(pretended).toMatchObject({ verb: 'change', outcome: 'denied', status: 403 });
      const text = readFileSync(file, 'utf8');
      for (const secretText of ['hunter2', secret ?? '', ADMIN_TOKEN]) expect(text).not.toContain(secretText);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    });

    it('what was done, whatever else the body of a request says', async () => {
      const file = join(folder(), 'audit.log');
      const doors = await start({ ARK_AUDIT_LOG: file });
      const harmless = rpc('tasks/get', { id: 'x' });
      const changing = doors.routes.filter(({ method }) => /^(POST|PUT|PATCH|DELETE)$/.test(method));
      for (const route of changing) await doors.request(route, undefined, harmless);
      // Notifications of engines come with a proof of their own.
      const refused = changing.filter(({ url }) => !url.endsWith('/notifications')).map(({ url }) => url);
      await eventually(() => expect(linesIn(file).map(({ route }) => route)).toEqual(refused));
      const acts = [
        { method: 'POST', url: '/v1/api-keys', body: { ...harmless, name: 'x', roles: ['admin'] } },
        { method: 'DELETE', url: '/conversations', body: harmless },
        { method: 'POST', url: '/agent/ghost/v1/message:send', body: { ...harmless, message: {} } },
        { method: 'POST', url: '/agent/ghost/', body: harmless },
      ];
      for (const { body, ...route } of acts) await doors.request(route, ADMIN, body);
      await doors.request(MESSAGES_OF_OTHERS, 'Bearer wrong', harmless);
      await eventually(() => expect(linesIn(file)).toHaveLength(refused.length + 5));
      const said = linesIn(file).slice(-5);
      expect(said.map(({ status }) => status)).toEqual([201, 200, 404, 404, 401]);
      expect(said.filter(({ operation }) => operation !== undefined)).toEqual([]);
    });

    it('nothing where that is not wanted, and refuse to start where it cannot be', async () => {
      await expect(start({ ARK_AUDIT_LOG: join(folder(), 'absent', 'audit.log') })).rejects.toThrow(
        'cannot be written',
      );
    });
  });

  describe('count requests', () => {
    /** Asks until the answer is 429. */
    const untilRefused = async (ask: () => ReturnType<GuardedApplication['request']>) => {
      for (let tries = 0; tries < 200; tries += 1) {
        const answer = await ask();
        if (answer.status === 429) return answer;
      }
      throw new Error('nobody was refused');
    };

    it('of each caller, and say when to come again in the form that the caller reads', async () => {
      const doors = await start({ ARK_RATE_LIMIT: '12' });
      // Of one name, and yet two callers.
      const [one, other] = [await doors.key('user'), await doors.key('user')];
      const tasks = { method: 'GET', url: '/v1/a2a-tasks' };
      const refused = await untilRefused(() => doors.request(tasks, one));
      expect(refused.headers['content-type']).toContain('application/problem+json');
      expect(refused.body).toContain('more than 12 requests a minute');
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      const spoken = await untilRefused(() => doors.request(AGENT, one, rpc('message/send')));
      expect(JSON.parse(spoken.body)).toMatchObject({ jsonrpc: '2.0', id: 7, error: { code: -32000 } });
      expect((await doors.request(tasks, other)).status).toBe(200);
      await untilRefused(() => doors.request(tasks, other));
      expect((await doors.request({ method: 'GET', url: '/readyz' })).status).not.toBe(429);
    });

    it('of an address where nobody is asked who they are, once a limit is set', async () => {
      const doors = await start({ ARK_RATE_LIMIT: '1' }, 'none');
      expect((await doors.request(MESSAGES)).status).toBe(200);
      await untilRefused(() => doors.request(MESSAGES));
    });
  });

  describe('tell browsers', () => {
    const PAGE = 'https://app.example.com';
    const preflight = (doors: GuardedApplication, origin: string) =>
      doors.app.inject({
        method: 'OPTIONS',
        url: '/agents',
        headers: { origin, 'access-control-request-method': 'POST' },
      });

    it('of no page of another origin that it may use them', async () => {
      const doors = await start({});
      expect((await preflight(doors, PAGE)).headers).not.toHaveProperty('access-control-allow-origin');
      const plain = await doors.app.inject({ url: '/readyz', headers: { origin: PAGE } });
      expect(plain.headers).not.toHaveProperty('access-control-allow-origin');
    });

    it('of the pages that they are told, and no others', async () => {
      const doors = await start({ ARK_CORS_ORIGINS: `${PAGE}, http://localhost:3000` });
      const allowed = await preflight(doors, PAGE);
      expect(allowed.statusCode).toBe(204);
      expect(allowed.headers).toMatchObject({
        'access-control-allow-origin': PAGE,
        'access-control-allow-headers': expect.stringContaining('authorization'),
      });
      expect(allowed.headers).not.toHaveProperty('access-control-allow-credentials');
      const refused = await doors.app.inject({ url: '/agents', headers: { origin: 'http://localhost:3000' } });
      expect(refused.statusCode).toBe(401);
      expect(refused.headers['access-control-allow-origin']).toBe('http://localhost:3000');
      for (const origin of ['https://app.example.com.evil.example', 'http://app.example.com', 'null', '*']) {
        const other = await preflight(doors, origin);
        expect(other.headers).not.toHaveProperty('access-control-allow-origin');
        expect(other.headers.vary).toContain('origin');
      }
    });

    it.each(['*', 'app.example.com', 'https://app.example.com/'])('no origin %s, which is none', async (origin) => {
      await expect(start({ ARK_CORS_ORIGINS: origin })).rejects.toThrow('valid: origins like https://app.example.com');
    });
  });

  describe('that ask nobody who they are', () => {
    const ask = async (doors: GuardedApplication, headers: Record<string, string>, method: 'GET' | 'POST' = 'GET') => {
      const response = await doors.app.inject({
        method,
        url: method === 'GET' ? '/agents' : '/conversations',
        headers,
      });
      return [response.statusCode, response.body] as const;
    };
    const OWN = ['localhost', 'LOCALHOST:8080', 'localhost.:80', '127.0.0.1:1', '127.1.2.3', '[::1]:8080'];
    const MORE = [
      'api.localhost:8080',
      'dashboard.127.0.0.1.nip.io:8080',
      '127.0.0.1.nip.io',
      'a2a-api.x.127.0.0.1.nip.io',
    ];
    // Who owns the first of two addresses in a name has a page there.
    const OF_OTHERS = ['203-0-113-9', 'www-203-0-113-9.x', '203.0.113.9', 'cb007109', 'deadbeef'].map(
      (address) => `${address}.127.0.0.1.nip.io`,
    );
    const OTHERS = [
      'evil.example',
      'evil.example:8080',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'notlocalhost',
    ];
    const ODD = [
      '10.0.0.1',
      '1127.0.0.1',
      '127.0.0.1@evil.example',
      'evil.nip.io',
      '[::2]',
      'x',
      '127.0.0.1.nip.io.evil.example',
    ];

    it('on loopback answer to names of this machine, and to no page that calls it by a name of its own', async () => {
      const doors = await start({}, 'none');
      for (const host of [...OWN, ...MORE]) expect([host, (await ask(doors, { host }))[0]]).toEqual([host, 200]);
      for (const host of [...OTHERS, ...ODD, ...OF_OTHERS]) {
        const forwarded = { 'x-forwarded-host': 'localhost', 'x-forwarded-for': '127.0.0.1' };
        const [status, body] = await ask(doors, { host, origin: `http://${host}`, ...forwarded });
        expect([host, status]).toEqual([host, 421]);
        expect(JSON.parse(body)).toMatchObject({ status: 421, detail: expect.stringContaining('ARK_ALLOWED_HOSTS') });
      }
      for (const url of ['/livez', '/stream/x', '/absent', '/agent/x/']) {
        expect((await doors.app.inject({ url, headers: { host: 'evil.example' } })).statusCode).toBe(421);
      }
    });

    it('let no page of another origin change anything, as forms can', async () => {
      const doors = await start({ ARK_CORS_ORIGINS: 'https://app.example.com' }, 'none');
      const pages = OF_OTHERS.map((host) => `http://${host}`);
      for (const origin of ['http://evil.example', 'null', 'https://app.example.com.evil.example', ...pages]) {
        const [status, body] = await ask(doors, { origin }, 'POST');
        expect([origin, status, body]).toEqual([origin, 403, expect.stringContaining('ARK_CORS_ORIGINS')]);
      }
      for (const origin of ['http://localhost:3000', 'http://dashboard.127.0.0.1.nip.io', 'https://app.example.com']) {
        expect([origin, (await ask(doors, { origin }, 'POST'))[0]]).toEqual([origin, 201]);
      }
    });

    it('answer to the names that they are told', async () => {
      const told = { ARK_PUBLIC_URL: 'https://ark.example.com/x', ARK_ALLOWED_HOSTS: 'ark.test, *.dev.example.com' };
      const doors = await start(told, 'none');
      for (const host of ['ark.example.com', 'Ark.Test:8080', 'a.dev.example.com', 'localhost']) {
        expect([host, (await ask(doors, { host }))[0]]).toEqual([host, 200]);
      }
      for (const host of ['dev.example.com', 'evil-dev.example.com', 'x.ark.test']) {
        expect([host, (await ask(doors, { host }))[0]]).toEqual([host, 421]);
      }
      await expect(start({ ARK_ALLOWED_HOSTS: 'http://x' })).rejects.toThrow('valid: host names like ark.test');
    });

    it('of a cluster on a laptop answer to names of the laptop and of the cluster, and to who asks for the pod', async () => {
      const local = load(readFileSync('charts/ark/examples/values-local.yaml', 'utf8')) as {
        settings: { ARK_ALLOWED_HOSTS: string };
      };
      const told = { ...local.settings, ARK_PUBLIC_URL: 'http://ark.agents.svc:80' };
      const pod = await GuardedApplication.start(folder(), { authMode: 'none', host: '0.0.0.0' }, told);
      const address = machineAddress() ?? '127.0.0.1';
      const inside = ['ark.agents.svc', 'ark.agents.svc.cluster.local:80', `${address}:8080`];
      for (const host of [...OWN, ...MORE, ...inside])
        expect([host, (await ask(pod, { host }))[0]]).toEqual([host, 200]);
      for (const url of ['/livez', '/readyz']) {
        expect((await pod.app.inject({ url, headers: { host: `${address}:8080` } })).statusCode).toBe(200);
      }
      for (const host of [...OTHERS, ...OF_OTHERS]) {
        expect([host, (await ask(pod, { host, origin: `http://${host}` }, 'POST'))[0]]).toEqual([host, 421]);
        expect([host, (await ask(pod, { origin: `http://${host}` }, 'POST'))[0]]).toEqual([host, 403]);
      }
      await pod.stop();
    });

    it('elsewhere answer to every name, as those with credentials do', async () => {
      const away = await GuardedApplication.start(folder(), { authMode: 'none', host: '0.0.0.0' });
      expect((await ask(away, { host: 'ark.agents.svc' }))[0]).toBe(200);
      await away.stop();
      const guarded = await start({});
      expect((await ask(guarded, { host: 'evil.example' }))[0]).toBe(401);
    });
  });

  it('take no request in the name of somebody else, in any mode', async () => {
    const doors = await start({}, 'none');
    const headers = { 'Impersonate-User': 'system:admin' };
    const { statusCode, body } = await doors.app.inject({ url: '/agents', headers });
    expect(statusCode).toBe(403);
    expect(body).toContain('impersonate-user is not accepted');
  });
});
