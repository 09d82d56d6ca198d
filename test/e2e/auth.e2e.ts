import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { request } from 'undici';
import { embeddedOnly } from '../harness/embedded-only.js';
import { eventually } from '../harness/eventually.js';
import { Runtime } from '../harness/runtime.js';
import { temporaryFolder } from '../harness/temporary-folder.js';

const AGENTS = `apiVersion: ark.mckinsey.com/v1alpha1
kind: Agent
metadata: { name: parrot }
spec: { prompt: Repeat., executionEngine: { name: echo } }
---
apiVersion: ark.mckinsey.com/v1alpha1
kind: Agent
metadata: { name: scholar }
spec: { prompt: Repeat., executionEngine: { name: echo }, tools: [{ type: custom, name: lookup }] }
`;

interface SecuredCard {
  securitySchemes?: object;
  security?: object;
}

interface Card {
  name: string;
  skills: { id: string }[];
}

embeddedOnly('the token of the administrator').describe('a runtime that asks who is there', () => {
  const folder = temporaryFolder({ keep: 'block' });
  let runtime: Runtime;
  beforeAll(async () => {
    const page = folder();
    await writeFile(join(page, 'index.html'), '<title>a page</title>');
    runtime = await Runtime.start({
      args: ['--auth-mode', 'token'],
      env: { ARK_DASHBOARD: page, ARK_GATEWAY_PORT: '0' },
    });
    expect((await runtime.ark(['apply', '-f', '-'], { input: AGENTS })).code).toBe(0);
  });
  afterAll(() => runtime?.dispose());

  const get = async (path: string, key?: string) =>
    (await fetch(runtime.endpoints.http + path, key ? { headers: { authorization: `Bearer ${key}` } } : {})).status;

  it('lets the command line of its machine work without flags, live stream included', async () => {
    const asked = await runtime.ark(['agent', 'parrot', 'hello', '-v']);
    expect(asked).toMatchObject({ code: 0, stdout: expect.stringContaining('hello') });
    expect(asked.stderr).not.toContain('No live stream');
  });

  it('gives out keys, shows them without secrets, and takes them back', async () => {
    expect(await get('/agents')).toBe(401);
    const made = await runtime.ark(['keys', 'create', 'ci', '--role', 'reader@default', '--expires', '1h']);
    const key = made.stdout.trim();
    expect(made.code).toBe(0);
    expect(await get('/agents', key)).toBe(200);
    expect(await get('/ns/team-a/agents', key)).toBe(403);
    const list = await runtime.ark(['keys', 'list']);
    expect(list.stdout).toMatch(/ci\s+pk-ark-\S+\s+reader@default\s+yes/);
    expect(list.stdout).not.toContain(key.split('.')[1]);
    const asKey = await runtime.ark(['keys', 'list'], { env: { ARK_API_KEY: key } });
    expect(asKey).toMatchObject({ code: 1, stderr: expect.stringContaining('key:ci may not manage API keys') });
    expect((await runtime.ark(['keys', 'revoke', key])).code).toBe(0);
    expect(await get('/agents', key)).toBe(401);
    expect(runtime.output).not.toContain(key.split('.')[1]);
  });

  it('asks at the port of the gateway alone as well', async () => {
    const gateway = /"gateway":"([^"]+)"/.exec(runtime.output)?.[1] ?? '';
    const made = await runtime.ark(['keys', 'create', 'caller', '--role', 'user@default']);
    const message = { kind: 'message', role: 'user', messageId: 'm', parts: [{ kind: 'text', text: 'hello' }] };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'message/send', params: { message } });
    const call = async (path: string, key?: string) => {
      const headers = { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) };
      const answer = await fetch(
        gateway + path,
        path === '/agent/parrot/' ? { method: 'POST', headers, body } : { headers },
      );
      return { status: answer.status, text: await answer.text() };
    };
    for (const path of ['/agent/parrot/', '/agents', '/agent/parrot/.well-known/agent-card.json']) {
      expect([path, (await call(path)).status]).toEqual([path, 401]);
      expect([path, (await call(path, 'pk-ark-x.sk-ark-x')).status]).toEqual([path, 401]);
      expect([path, (await call(path, made.stdout.trim())).status]).toEqual([path, 200]);
    }
    expect((await call('/agent/parrot/', made.stdout.trim())).text).toContain('hello');
    for (const path of ['/messages', '/v1/api-keys', '/metrics']) {
      expect([path, (await call(path, made.stdout.trim())).status]).toEqual([path, 404]);
    }
  });

  it('writes down what kubectl changes, by whom, and what it was not let', async () => {
    const kubectl = async (...args: string[]) => (await runtime.kubectl(args)).code;
    expect(await kubectl('create', 'configmap', 'noted', '--from-literal=a=s3cr3t')).toBe(0);
    expect(await kubectl('create', 'configmap', 'tried', '--dry-run=server')).toBe(0);
    expect(await kubectl('get', 'configmaps')).toBe(0);
    expect(await kubectl('auth', 'can-i', 'delete', 'agents')).toBe(0);
    expect(await kubectl('label', 'configmap', 'noted', 'b=c')).toBe(0);
    expect(await kubectl('create', 'configmap', 'noted')).toBe(1);
    expect(await kubectl('delete', 'configmap', 'noted', '--as', 'mallory')).toBe(1);
    expect(await kubectl('delete', 'configmap', 'noted', '--token', 'nonsense')).toBe(1);
    expect(await kubectl('delete', 'configmap', 'noted')).toBe(0);
    const lines = await eventually(() => {
      const audits = runtime.output
        .split('\n')
        .filter((line) => line.startsWith('{"audit"') && line.includes('configmaps'));
      const entries = audits.map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(entries.at(-1)).toMatchObject({ verb: 'delete', outcome: 'done' });
      return entries;
    });
    const [caller, object] = ['nest-ark-admin', 'configmaps/default/noted'];
    const route = '/api/v1/namespaces/:namespace/configmaps';
    expect(lines.filter(({ status }) => status !== 401)).toMatchObject([
      { caller, verb: 'create', method: 'POST', route, object, outcome: 'done', status: 201, address: '127.0.0.1' },
      { caller, verb: 'patch', route: `${route}/:name`, object, outcome: 'done', status: 200 },
      { caller, verb: 'create', route, target: { namespace: 'default' }, outcome: 'failed', status: 409 },
      { caller, as: 'mallory', verb: 'delete', object, outcome: 'denied', status: 403 },
      { caller, verb: 'delete', object, outcome: 'done', status: 200 },
    ]);
    const strangers = lines.filter(({ status }) => status === 401);
    expect(strangers.length).toBeGreaterThan(0);
    expect(strangers.filter((line) => 'caller' in line || line.outcome !== 'denied')).toEqual([]);
    expect(runtime.output).not.toContain('s3cr3t');
  });

  it('lets in tokens of service accounts, until the account is deleted', async () => {
    const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: robot }\n';
    expect((await runtime.ark(['apply', '-f', '-'], { input: account })).code).toBe(0);
    const made = await runtime.kubectl(['create', 'token', 'robot']);
    const token = made.stdout.trim();
    expect(await get('/agents', token)).toBe(200);
    expect(await get('/agents', `${token}x`)).toBe(401);
    expect(await get('/agents', 'nonsense')).toBe(401);
    expect((await runtime.ark(['delete', 'serviceaccount', 'robot'])).code).toBe(0);
    // A right answer holds for some seconds.
    await eventually(async () => expect(await get('/agents', token)).toBe(401), { within: 30_000 });
  });

  it('shows the page of its dashboard to anybody, and to nobody what it asks for', async () => {
    const at = async (host: string) => {
      const answer = await request(`${runtime.endpoints.http}/agents`, { headers: { host: `${host}.localhost` } });
      return { code: answer.statusCode, text: await answer.body.text() };
    };
    expect(await at('dashboard')).toEqual({ code: 200, text: '<title>a page</title>' });
    expect(await at('api')).toMatchObject({ code: 401 });
  });

  it('wants to be told what a key may do, and refuses what no role is', async () => {
    expect((await runtime.ark(['keys', 'create', 'x'])).code).toBe(2);
    const wrong = await runtime.ark(['keys', 'create', 'x', '--role', 'king']);
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('valid: reader, user, editor, admin') });
  });

  it('says in the status that it knows no rights of service accounts', async () => {
    const query = `apiVersion: ark.mckinsey.com/v1alpha1
kind: Query
metadata: { name: as-robot }
spec: { input: hi, serviceAccount: robot, target: { type: agent, name: parrot } }
`;
    expect((await runtime.ark(['apply', '-f', '-'], { input: query })).code).toBe(0);
    await eventually(async () => {
      const { stdout } = await runtime.ark(['get', 'query', 'as-robot', '-o', 'json']);
      const { status } = JSON.parse(stdout) as { status?: { phase: string; response?: { content: string } } };
      expect(status).toMatchObject({
        phase: 'error',
        response: { content: expect.stringContaining("spec.serviceAccount 'robot': nothing proves here") },
      });
    });
  });

  it('says in cards what it asks for, and tells callers who proved who they are what an agent works with', async () => {
    const token = (await readFile(`${runtime.dataDir}/token`, 'utf8')).trim();
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const url = `${runtime.endpoints.http}/agent/scholar/`;
    const read = async (path: string) => (await fetch(url + path, { headers })).json() as Promise<Card>;
    const rpc = async (method: string) => {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: {} });
      return ((await (await fetch(url, { method: 'POST', headers, body })).json()) as { result: Card }).result;
    };
    const card = await read('.well-known/agent-card.json');
    expect(card).toMatchObject({
      securitySchemes: { token: { type: 'http', scheme: 'bearer', httpAuthSecurityScheme: { scheme: 'bearer' } } },
      security: [{ token: [] }],
      securityRequirements: [{ schemes: { token: {} } }],
      capabilities: { extendedAgentCard: true },
      supportsAuthenticatedExtendedCard: true,
    });
    expect(card.skills.map(({ id }) => id)).toEqual(['scholar-default-skill']);
    const extended = [
      await rpc('GetExtendedAgentCard'),
      await rpc('agent/getAuthenticatedExtendedCard'),
      await read('extendedAgentCard'),
      await read('v1/card'),
      await read('agent/authenticatedExtendedCard'),
    ];
    for (const { name, skills } of extended) {
      expect(name).toBe('scholar');
      expect(skills.map(({ id }) => id)).toEqual(['scholar-default-skill', 'tool-lookup']);
    }
    expect((extended[1] as { url?: string }).url).toBe(url);
    const engine = `${runtime.endpoints.http}/engines/echo/.well-known/agent-card.json`;
    expect((await fetch(engine)).headers.get('www-authenticate')).toContain('Bearer');
    const { securitySchemes, security } = (await (await fetch(engine, { headers })).json()) as SecuredCard;
    expect({ securitySchemes, security }).toEqual({
      securitySchemes: (card as Card & SecuredCard).securitySchemes,
      security: [{ token: [] }],
    });
  });

  it('notes who asked on the Query that an A2A message becomes', async () => {
    const { stdout } = await runtime.ark(['keys', 'create', 'partner', '--role', 'user@default']);
    const message = { kind: 'message', messageId: 'm1', role: 'user', parts: [{ kind: 'text', text: 'hi' }] };
    const response = await fetch(`${runtime.endpoints.http}/agent/parrot/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${stdout.trim()}` },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'message/send', params: { message } }),
    });
    expect(response.status).toBe(200);
    const queries = JSON.parse((await runtime.ark(['get', 'queries', '-o', 'json'])).stdout) as {
      items?: { metadata: { annotations?: Record<string, string> } }[];
    };
    const askers = (queries.items ?? []).map(({ metadata }) => metadata.annotations?.['ark.mckinsey.com/asked-by']);
    expect(askers).toContain('key:partner');
  });

  it('takes the admin token of the data folder, and never logs it', async () => {
    const token = (await readFile(`${runtime.dataDir}/token`, 'utf8')).trim();
    expect(await get('/v1/api-keys', token)).toBe(200);
    expect(runtime.output).not.toContain(token);
  });
});
