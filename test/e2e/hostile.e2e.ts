import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { agent, query, resource, yaml } from '../harness/manifests.js';
import { MirrorServer } from '../harness/mirror-server.js';
import { PATH_TRICKS } from '../harness/path-tricks.js';
import { rawExchange, SMUGGLED, smuggled, statusesIn } from '../harness/raw-http.js';
import { onRealApiServer } from '../harness/real-cluster.js';
import { Runtime } from '../harness/runtime.js';
import { ScriptedMcpServer } from '../harness/scripted-mcp-server.js';
import { knownUrlFields, PUSH_FIELDS, URL_FIELDS, type UrlField } from '../harness/url-fields.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

type Spec = Record<string, unknown>;
interface Task {
  result: { id: string; taskId?: string };
}
interface Said {
  metadata: { name: string };
  status?: { phase?: string; message?: string; conditions?: { message?: string; status: string }[]; response?: Spec };
}

const METADATA = [
  'http://169.254.169.254/latest',
  'http://[::ffff:169.254.169.254]/',
  'http://2852039166/',
  'http://0251.0376.0251.0376/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://[fe80::1]/',
  'http://metadata.google.internal/',
  'http://100.100.100.200/',
];
const BOMBS = ['gzip', 'deflate', 'br', 'zstd', 'layers', 'headers'];
/** For those who read answers as another one does, and where the API server is all that is new. */
const FEW_BOMBS = ['layers', 'headers'];
const MESSAGE = { kind: 'message', messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'x' }] };

const ask = (name: string, type: string, to = name, more: Spec = {}) =>
  query(name, { input: 'x', target: { type, name: to }, timeout: '30s', ...more });

describeWithKubectl('a runtime among those who mean harm', () => {
  let runtime: Runtime;
  let mirror: MirrorServer;
  let trap: MirrorServer;
  let token: string;
  let reader: string;

  beforeAll(async () => {
    [mirror, trap] = await Promise.all([MirrorServer.listen(), MirrorServer.listen()]);
    mirror.elsewhere = trap.url;
    runtime = await Runtime.start({ args: ['--auth-mode', 'token'] });
    token = (await readFile(`${runtime.dataDir}/token`, 'utf8')).trim();
    reader = (await runtime.ark(['keys', 'create', 'r', '--role', 'reader@default'])).stdout.trim();
    const spec = { prompt: 'x', executionEngine: { name: 'echo' } };
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } };
    await apply(namespace, agent('parrot', spec), agent('hidden-bird', spec, 'team-a'));
  });
  afterEach(async () => {
    expect((await fetch(`${runtime.endpoints.http}/readyz`)).status).toBe(200);
    expect(runtime.output).not.toContain('"bugs"');
  });
  afterAll(async () => {
    await runtime?.dispose();
    await Promise.all([mirror?.close(), trap?.close()]);
  });

  async function apply(...objects: Spec[]): Promise<void> {
    const applied = await runtime.ark(['apply', '-f', '-'], { input: yaml(...objects) });
    expect([applied.code, applied.stderr]).toEqual([0, '']);
  }
  /** What each of the objects came to, once it did. */
  async function ends(kinds: string, names: RegExp, within = 60_000): Promise<Record<string, string>> {
    return eventually(
      async () => {
        const { items } = JSON.parse(await runtime.kubectlOk(['get', kinds, '-o', 'json'])) as { items: Said[] };
        const mine = items.filter(({ metadata }) => names.test(metadata.name));
        const open = mine.filter(({ status }) => {
          const said = status?.conditions?.some((each) => each.status !== 'Unknown');
          return !/^(done|error|canceled|ready)$/.test(status?.phase ?? '') && (status?.phase || !said);
        });
        expect(open.map(({ metadata }) => metadata.name)).toEqual([]);
        expect(mine.length).toBeGreaterThan(0);
        return Object.fromEntries(mine.map(({ metadata, status }) => [metadata.name, JSON.stringify(status)]));
      },
      { within, every: 250 },
    );
  }
  const pairs = <T>(facts: Record<string, T>) => Object.entries(facts);

  it('is tried at every field of every kind that holds an address', () => {
    expect(Object.keys(URL_FIELDS).sort()).toEqual(knownUrlFields());
  });

  it('calls no metadata service, whoever names it, however it is written', async () => {
    const addresses = Object.fromEntries(METADATA.map((url, i) => [`m${i}`, url]));
    const fields = Object.values(URL_FIELDS);
    const questions = METADATA.flatMap((_url, i) => fields.flatMap((field) => field.questions(`meta-${i}`)));
    const objects = METADATA.flatMap((url, i) => {
      const address = { valueFrom: { configMapKeyRef: { name: 'places', key: `m${i}` } } };
      return fields.flatMap((field) => field.objects(`meta-${i}`, { address, url }));
    });
    const asked = objects.filter(({ kind }) => ['MCPServer', 'A2AServer', 'Model'].includes(String(kind)));
    const places = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'places' } };
    const harmless = Object.fromEntries(Object.keys(addresses).map((key) => [key, `${mirror.url}/first/refused`]));
    // Admission refuses the plainest of them; what it saw changes afterwards.
    await apply({ ...places, data: harmless });
    await apply(...objects);
    await apply({ ...places, data: addresses });
    await apply(...questions);
    await eventually(
      async () => {
        const polled = ['mcpservers', 'a2aservers', 'models'];
        const said = (await Promise.all(polled.map((kinds) => ends(kinds, /^meta/)))).flatMap(pairs);
        expect(said).toHaveLength(asked.length);
        expect(said.filter(([, status]) => !status.includes('never called'))).toEqual([]);
      },
      { every: 500 },
    );
    const answers = [...pairs(await ends('queries', /^meta/)), ...pairs(await ends('evaluations', /^meta/))];
    expect(answers).toHaveLength(questions.length);
    const refusals = ['never called', ...fields.flatMap(({ refusal = [] }) => refusal)];
    expect(answers.filter(([, status]) => !refusals.some((refusal) => status.includes(refusal)))).toEqual([]);
  });

  it('is not led to them, or to anybody else, by redirects, cards and challenges', async () => {
    const at = (name: string, how: string) => ({ value: `${mirror.url}/${name}/${how}` });
    const ways = ['metadata', 'away'];
    await apply(
      ...ways.flatMap((how) =>
        Object.values(URL_FIELDS).flatMap((field) => {
          const address = at(field.path, how);
          const led = field.objects(`led-${how}`, { address, url: address.value });
          return [...led, ...field.questions(`led-${how}`)];
        }),
      ),
      resource('MCPServer', 'led-challenge', { address: at('mcp', 'challenge') }),
      resource('A2AServer', 'led-card', { address: at('agent', 'card') }, 'v1prealpha1'),
    );
    await eventually(async () => apply(ask('led-card', 'agent', 'agent-card')));
    for (const kinds of ['mcpservers', 'a2aservers', 'models', 'queries', 'evaluations']) await ends(kinds, /^led/);
    const pushNotificationConfig = { url: `${mirror.url}/push/away` };
    expect(
      await rpc('message/send', { message: MESSAGE, configuration: { pushNotificationConfig } }),
    ).not.toHaveProperty('error');
    await eventually(() => expect(mirror.heard('/push/away')).not.toBe(''));
    // The card's own host is asked instead of the one it names.
    expect(mirror.heard('/agent/card')).toContain('POST /agent/card');
    expect(trap.seen).toEqual([]);
    for (const { path: name } of Object.values(URL_FIELDS)) {
      for (const how of ways) expect([name, how, mirror.heard(`/${name}/${how}`) !== '']).toEqual([name, how, true]);
    }
  });

  async function post(path: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
    const own = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    return fetch(runtime.endpoints.http + path, { method: 'POST', body, headers: { ...own, ...headers } });
  }
  async function rpc(method: string, params: object): Promise<object> {
    const response = await post('/agent/parrot/', JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
    return (await response.json()) as object;
  }

  it.each(Object.entries(PUSH_FIELDS))('takes no push notifications to harmful places from %s', async (_, naming) => {
    const { result } = (await rpc('message/send', { message: { ...MESSAGE, messageId: 'first' } })) as Task;
    const push = async (url: string) => {
      const { path, body, version } = naming(url, result.taskId ?? result.id);
      const response = await post(`/agent/parrot/${path}`, JSON.stringify(body), { 'a2a-version': version ?? '0.3' });
      return response.text();
    };
    // A request that is wrong in another way would be refused, too.
    expect(await push(`${mirror.url}/push/refused`)).not.toContain('"error"');
    for (const url of [...METADATA, 'http://user:word@example.com/', 'file:///etc/passwd', 'gopher://x/']) {
      expect([url, await push(url)]).toEqual([url, expect.stringMatching(/url (cannot be called|must)/)]);
    }
  });

  it('unpacks no answer beyond its limit', async () => {
    const bombsFor = ({ isAlike }: UrlField) => (isAlike || onRealApiServer ? FEW_BOMBS : BOMBS);
    const all = Object.values(URL_FIELDS).flatMap((field) =>
      bombsFor(field).flatMap((how) => {
        const url = `${mirror.url}/${field.path}/${how}`;
        return [...field.objects(`bomb-${how}`, { address: { value: url }, url }), ...field.questions(`bomb-${how}`)];
      }),
    );
    await apply(...all);
    const kinds = ['mcpservers', 'a2aservers', 'models', 'queries', 'evaluations'];
    const said = (await Promise.all(kinds.map((kind) => ends(kind, /^bomb/, 200_000)))).flatMap(pairs);
    for (const field of Object.values(URL_FIELDS)) {
      for (const how of bombsFor(field)) {
        expect([field.path, how, mirror.heard(`/${field.path}/${how}`) !== '']).toEqual([field.path, how, true]);
      }
    }
    // A tool's result is cut, and so is an answer; nobody else's blanks arrive anywhere.
    const limit = (name: string) => (name.endsWith('-tool') ? 1_500_000 : 20_000);
    expect(said.filter(([name, status]) => status.length > limit(name)).map(([name]) => name)).toEqual([]);
    expect(said.filter(([, status]) => status.includes('\ufffd'))).toEqual([]);
    const memory = await readFile(`/proc/${runtime.endpoints.pid}/status`, 'utf8').catch(() => 'VmHWM: 0 kB');
    // In KiB. All of them unpacked at once would be more than 5 GiB.
    expect(Number(/VmHWM:\s+(\d+)/.exec(memory)?.[1])).toBeLessThan(2_000_000);
  }, 300_000);

  it('is not kept busy for ever by the patterns of a schema, whoever wrote it', async () => {
    const nearly = JSON.stringify({ word: `${'a'.repeat(60)}!` });
    const endless = { type: 'object', properties: { word: { type: 'string', pattern: '^(a+)+$' } } };
    const mcp = await ScriptedMcpServer.listen();
    mcp.tools = [{ name: 'slow', description: 'd', inputSchema: endless }];
    const script = [{ match: 'x', answer: nearly }];
    try {
      await apply(
        resource('Tool', 'slow', {
          ...{ type: 'http', description: 'd', inputSchema: endless, http: { url: `${mirror.url}/slow/tool` } },
        }),
        resource('MCPServer', 'slow-mcp', { address: { value: mcp.url } }),
        resource('Model', 'slow', { provider: 'scripted', model: { value: 'm' }, config: { scripted: { script } } }),
        ...['completions', 'langchain'].map((engine) =>
          agent(`slow-${engine}`, {
            ...{ prompt: 'x', modelRef: { name: 'slow' }, executionEngine: { name: engine }, outputSchema: endless },
          }),
        ),
        ask('slow-tool', 'tool', 'slow', { input: nearly }),
        ask('slow-completions', 'agent'),
        ask('slow-langchain', 'agent'),
      );
      await ends('mcpservers', /^slow/);
      await eventually(() => runtime.kubectlOk(['get', 'tool', 'slow-mcp-slow']));
      await apply(ask('slow-mcp', 'tool', 'slow-mcp-slow', { input: nearly }));
      const answers = pairs(await ends('queries', /^slow/));
      expect(answers.map(([name]) => name)).toEqual(['slow-completions', 'slow-langchain', 'slow-mcp', 'slow-tool']);
      const clear = /"phase":"error".*chema of (tool|agent) '[\w/-]+' was given up: .*'\^\(a\+\)\+\$'/;
      expect(answers.filter(([, status]) => !clear.test(status))).toEqual([]);
      expect(mirror.heard('/slow/tool') + mcp.count('tools/call')).toBe('0');
    } finally {
      await mcp.close();
    }
  });

  const raw = (path: string, key?: string, method = 'GET') => {
    const credentials = key ? `Authorization: Bearer ${key}\r\n` : '';
    const request = `${method} ${path} HTTP/1.1\r\nHost: h\r\n${credentials}Connection: close\r\n\r\n`;
    return rawExchange(runtime.endpoints.http, request);
  };

  it('opens no route by another spelling of its path', async () => {
    for (const path of ['/agents', '/messages', '/v1/api-keys', '/ns/team-a/agents', '/agent/parrot/']) {
      for (const trick of PATH_TRICKS) {
        const answer = await raw(trick(path));
        const open = /^HTTP\/1\.1 200/.test(answer) && !/"status":\s*"ok"/.test(answer);
        expect([trick(path), open, /"name":\s*"parrot"|hidden-bird/.test(answer)]).toEqual([trick(path), false, false]);
      }
    }
  });

  it('shows no other namespace by another spelling of its name', async () => {
    expect(await raw('/ns/default/agents', reader)).toContain('parrot');
    const names = [
      'team-a',
      'team%2da',
      '%74eam-a',
      'default%2f..%2fteam-a',
      'default/../team-a',
      'team-a%00',
      'team-a%20',
    ];
    for (const name of [...names, 'TEAM-A', 'default%252f..%252fteam-a', '..%2fteam-a', '*', '']) {
      for (const path of [
        `/ns/${name}/agents`,
        `/agents?namespace=${name}`,
        `/agents?namespace=default&namespace=${name}`,
      ]) {
        expect([path, (await raw(path, reader)).includes('hidden-bird')]).toEqual([path, false]);
      }
    }
    expect(await raw('/ns/team-a/agents', token)).toContain('hidden-bird');
  });

  it('answers odd paths without a fault of its own', async () => {
    const odd = [
      '%',
      '%zz',
      '%00',
      '..%2f..%2fetc%2fpasswd',
      '%ff%fe',
      '%c0%ae',
      'a'.repeat(4_000),
      '__proto__',
      'constructor',
    ];
    const places = ['/agent/X/', '/agent/X/.well-known/agent-card.json', '/engines/X/', '/stream/X', '/v1/a2a-tasks/X'];
    for (const place of [...places, '/conversations/X', '/ns/X/agent/parrot/', '/ns/X/agents', '/X']) {
      for (const name of odd) {
        const [status = 0] = statusesIn(await raw(place.replace('X', name), token));
        expect([place, name, status >= 200 && status < 500]).toEqual([place, name, true]);
      }
    }
  });

  it.each(SMUGGLED)('is sent no second request behind %s', async (_name, head, body) => {
    const headers = ['Content-Type: application/json', `Authorization: Bearer ${token}`];
    const answers = statusesIn(
      await rawExchange(runtime.endpoints.http, smuggled(head, body, '/messages', '/livez', headers)),
    );
    expect(answers.filter((status) => status < 400)).toEqual([]);
    expect(answers.length).toBeLessThanOrEqual(1);
  });

  it('refuses bodies that reach for prototypes, are too deep, too large, or packed', async () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const bodies: [string | Buffer, Record<string, string>?][] = [
      ['{"__proto__": {"polluted": 1}}'],
      ['{"messages": [{"\\u005f_proto__": {"polluted": 1}}]}'],
      [deep],
      [`{"a": ${deep}}`],
      [gzipSync(Buffer.alloc(64 << 20, ' ')), { 'content-encoding': 'gzip' }],
      ['{"a": 1', undefined],
      [Buffer.from([0xff, 0xfe, 0x00])],
    ];
    for (const path of [
      '/messages',
      '/conversations',
      '/v1/api-keys',
      '/agent/parrot/',
      '/evaluate',
      '/agent/parrot/message:send',
    ]) {
      for (const [body, headers] of bodies) {
        const response = await post(path, body, headers);
        const answer = await response.text();
        const refused = response.status >= 400 ? response.status < 500 : /"error"/.test(answer);
        expect([path, String(body).slice(0, 30), refused, answer.includes('polluted')]).toEqual([
          path,
          String(body).slice(0, 30),
          true,
          false,
        ]);
      }
    }
    const head = `Host: h\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${11 << 20}`;
    for (const path of ['/messages', '/agent/parrot/']) {
      const answer = await rawExchange(runtime.endpoints.http, `POST ${path} HTTP/1.1\r\n${head}\r\n\r\n`);
      // A2A's own words for it are an error with status 200.
      expect(answer).toMatch(/^HTTP\/1\.1 413|"error"/);
    }
    // Whatever reached a prototype would show in the next object that is copied.
    await apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'clean' }, data: { a: 'b' } });
    expect(await runtime.kubectlOk(['get', 'configmap', 'clean', '-o', 'json'])).not.toContain('polluted');
  });

  it('sends no model a conversation that none could read', async () => {
    for (const query_id of ['long-1', 'long-2']) {
      const messages = [{ role: 'user', content: 'x'.repeat(9 << 20) }];
      expect((await post('/messages', JSON.stringify({ conversation_id: 'long', query_id, messages }))).status).toBe(
        200,
      );
    }
    await apply(ask('long', 'agent', 'parrot', { conversationId: 'long' }));
    const { long } = await ends('queries', /^long$/);
    expect(long).toContain("conversation 'long': the prompt has 18 million characters, more than any model reads");
  });

  it('refuses headers that are too large or too many', async () => {
    const long = `X-A: ${'x'.repeat(100_000)}`;
    const many = Array.from({ length: 5_000 }, (_, i) => `X-${i}: ${i}`).join('\r\n');
    for (const headers of [long, many]) {
      const answer = await rawExchange(runtime.endpoints.http, `GET /agents HTTP/1.1\r\nHost: h\r\n${headers}\r\n\r\n`);
      expect(statusesIn(answer)[0]).toBeGreaterThanOrEqual(400);
    }
  });
});
