import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { agent, executionEngine, query, resource, yaml } from '../harness/manifests.js';
import { MirrorServer } from '../harness/mirror-server.js';
import { OtlpCollector } from '../harness/otlp-collector.js';
import { Runtime } from '../harness/runtime.js';
import { ScriptedMcpServer } from '../harness/scripted-mcp-server.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

type Spec = Record<string, unknown>;
interface Listed {
  items: { kind: string; metadata: { name: string }; status?: { phase?: string; conditions?: { status: string }[] } }[];
}

const NAMES = [
  'openai',
  'azure',
  'anthropic',
  'bedrock',
  'tool',
  'form',
  'mcp',
  'program',
  'a2a',
  'memory',
  'address',
  'search',
  'torn',
  // Under a name that tells nothing, with everything.
  'tenant',
];
const secrets = Object.fromEntries(NAMES.map((name) => [name, `cnry-${name}-${randomUUID()}`]));
/** Secrets of callers, which no resource holds. */
const PUSH = `cnry-push-${randomUUID()}`;
const STRANGER = `cnry-stranger-${randomUUID()}`;
const DATABASE_KEY = `cnry-database-${randomUUID()}`;

const from = (key: string) => ({ valueFrom: { secretKeyRef: { name: 'keys', key } } });
const header = (key: string) => [
  { name: 'Authorization', value: from(key) },
  { name: 'X-Api-Key', value: from(key) },
  { name: 'X-Tenant', value: from('tenant') },
];
const ask = (name: string, type: string, to = name, more: Spec = {}) =>
  query(name, { input: 'x', target: { type, name: to }, timeout: '20s', ...more });

describeWithKubectl('secrets', () => {
  let mirror: MirrorServer;
  let mcp: ScriptedMcpServer;
  let collector: OtlpCollector;
  let runtime: Runtime;
  let apiKey: string;
  /** What clients were told. */
  const told: string[] = [];

  beforeAll(async () => {
    [mirror, mcp, collector] = await Promise.all([
      MirrorServer.listen(),
      ScriptedMcpServer.listen(),
      OtlpCollector.listen(),
    ]);
    mcp.call = (_params, { seen }) => ({ content: [{ type: 'text', text: JSON.stringify(seen.at(-1)?.headers) }] });
    const env = {
      ...collector.env('near'),
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
      ARK_LOG_LEVEL: 'debug',
      ARK_DATABASE_KEYS: DATABASE_KEY,
    };
    runtime = await Runtime.start({ args: ['--auth-mode', 'token'], env });
    apiKey = (await runtime.ark(['keys', 'create', 'partner', '--role', 'admin'])).stdout.trim();
    const objects = [...models(), ...tools(), ...servers(), ...memories(), ...addresses(), ...torn(), ...queries()];
    const applied = await runtime.ark(['apply', '-f', '-'], { input: yaml(keys(), ...objects) });
    expect([applied.code, applied.stderr]).toEqual([0, '']);
    await settled();
    await clients();
  }, 150_000);
  afterAll(async () => {
    await runtime?.dispose();
    await Promise.all([mirror?.close(), mcp?.close()]);
    collector?.close();
  });

  const keys = () => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'keys' },
    stringData: {
      ...secrets,
      url: `http://user:${secrets.address}@nowhere.invalid:81/`,
      two: `${secrets.torn}\r\nX-Admin: yes`,
      odd: `${secrets.torn}\u2603`,
      search: `${mirror.url}/search/error?apiKey=${secrets.search}`,
      searchModel: `${mirror.url}/search/refused?apiKey=${secrets.search}&v=1`,
      searchAgent: `${mirror.url}/search/reply?apiKey=${secrets.search}`,
      searchable: `${mcp.url}?apiKey=${secrets.search}`,
    },
  });
  const at = (name: string, how: string) => ({ value: `${mirror.url}/${name}/${how}` });
  const model = (provider: string, how: string, config: Spec) => {
    const headers = [{ name: 'X-Tenant', value: from('tenant') }];
    // Amazon signs what it is sent, and takes no other headers.
    const block = { baseUrl: at(provider, how), ...(provider === 'bedrock' ? {} : { headers }), ...config };
    const spec = { provider, model: { value: 'm' }, pollInterval: '1h', config: { [provider]: block } };
    return resource('Model', `${provider}-${how}`, spec);
  };
  const MODEL_WAYS = ['refused', 'denied', 'broken', 'words', 'moved', 'away', 'stream', 'cut', 'html'];
  const models = () => [
    ...MODEL_WAYS.map((how) => model('openai', how, { apiKey: from('openai') })),
    model('azure', 'refused', { apiKey: from('azure') }),
    model('azure', 'broken', { apiKey: from('azure') }),
    model('anthropic', 'refused', { apiKey: from('anthropic') }),
    model('anthropic', 'broken', { apiKey: from('anthropic') }),
    model('bedrock', 'refused', { region: { value: 'eu-west-1' }, apiKey: from('bedrock') }),
    resource('Model', 'openai-address', {
      ...{ provider: 'openai', model: { value: 'm' }, pollInterval: '1h' },
      config: { openai: { baseUrl: from('url'), apiKey: from('openai') } },
    }),
    resource('Model', 'openai-search', {
      ...{ provider: 'openai', model: { value: 'm' }, pollInterval: '1h' },
      config: { openai: { baseUrl: from('searchModel'), apiKey: { value: 'none' } } },
    }),
  ];
  const TOOL_WAYS = ['words', 'error', 'moved', 'away'];
  const tools = () =>
    TOOL_WAYS.map((how) => {
      const bodyParameters = [{ name: 'token', ...from('form') }];
      const call = { method: 'POST', headers: header('tool'), bodyParameters, body: '{"t": "{{.token}}"}' };
      return resource('Tool', `tool-${how}`, {
        ...{ type: 'http', description: 'Mirrors', inputSchema: { type: 'object' } },
        http: { url: at('tool', how).value, ...call },
      });
    });
  const SERVER_WAYS = ['error', 'denied', 'html', 'broken', 'words', 'moved', 'away'];
  const AGENT_WAYS = ['reply', 'rpc', 'html', 'broken', 'away'];
  const servers = () => [
    ...SERVER_WAYS.map((how) =>
      resource('MCPServer', `mcp-${how}`, { address: at('mcp', how), headers: header('mcp') }),
    ),
    resource('MCPServer', 'mcp-fine', { address: { value: mcp.url }, headers: header('mcp') }),
    resource('MCPServer', 'search-fails', { address: from('search') }),
    resource('MCPServer', 'search-works', { address: from('searchable') }),
    resource('A2AServer', 'search-fails', { address: from('search') }, 'v1prealpha1'),
    executionEngine('search-engine', from('searchAgent')),
    agent('searching', { prompt: 'x', executionEngine: { name: 'search-engine' } }),
    resource('Memory', 'search-memory', { address: from('search') }),
    resource('Evaluator', 'search-evaluator', { address: from('search') }),
    resource('Evaluation', 'search-evaluation', {
      ...{ type: 'direct', evaluator: { name: 'search-evaluator' } },
      config: { input: 'x', output: 'y' },
    }),
    {
      ...executionEngine('tenant-engine', at('agent', 'reply')),
      spec: { address: at('agent', 'reply'), headers: header('a2a') },
    },
    agent('tenant', { prompt: 'x', executionEngine: { name: 'tenant-engine' } }),
    resource('MCPServer', 'mcp-program', {
      ...{ transport: 'stdio', command: process.execPath, env: [{ name: 'SERVICE_TOKEN', ...from('program') }] },
      args: ['-e', 'console.error(process.env); console.log(process.env.SERVICE_TOKEN); process.exit(1)'],
    }),
    ...SERVER_WAYS.map((how) =>
      resource('A2AServer', `a2a-${how}`, { address: at('a2a', how), headers: header('a2a') }, 'v1prealpha1'),
    ),
    ...AGENT_WAYS.map((how) =>
      resource('A2AServer', `agent-${how}`, { address: at('agent', how), headers: header('a2a') }, 'v1prealpha1'),
    ),
  ];
  const MEMORY_WAYS = ['error', 'refused', 'html', 'broken', 'words', 'away'];
  const memories = () =>
    MEMORY_WAYS.map((how) =>
      resource('Memory', `memory-${how}`, { address: at('memory', how), headers: header('memory') }),
    );
  /** Addresses that hold a password. */
  const addresses = () => [
    resource('MCPServer', 'address-mcp', { address: from('url') }),
    resource('A2AServer', 'address-a2a', { address: from('url') }, 'v1prealpha1'),
    resource('Memory', 'address-memory', { address: from('url') }),
    resource('Evaluator', 'address-evaluator', { address: from('url') }),
    executionEngine('address-engine', from('url')),
    agent('elsewhere', { prompt: 'x', executionEngine: { name: 'address-engine' } }),
    agent('echo', { prompt: 'x', executionEngine: { name: 'echo' } }),
    resource('Evaluation', 'address-evaluation', {
      ...{ type: 'direct', evaluator: { name: 'address-evaluator' } },
      config: { input: 'x', output: 'y' },
    }),
  ];
  /** Values that would become headers of their own, or none. */
  const TORN = ['two', 'odd'];
  const torn = () =>
    TORN.flatMap((key) => [
      resource('Model', `torn-${key}`, {
        ...{ provider: 'openai', model: { value: 'm' }, pollInterval: '1h' },
        config: { openai: { baseUrl: at('torn', 'refused'), apiKey: from(key) } },
      }),
      resource('Model', `torn-header-${key}`, {
        ...{ provider: 'openai', model: { value: 'm' }, pollInterval: '1h' },
        config: { openai: { baseUrl: at('torn', 'refused'), apiKey: { value: 'k' }, headers: header(key) } },
      }),
      resource('MCPServer', `torn-${key}`, { address: at('torn', 'error'), headers: header(key) }),
      resource('MCPServer', `torn-sse-${key}`, {
        address: at('torn', 'error'),
        headers: header(key),
        transport: 'sse',
      }),
      resource('A2AServer', `torn-${key}`, { address: at('torn', 'error'), headers: header(key) }, 'v1prealpha1'),
      resource('Memory', `torn-${key}`, { address: at('torn', 'error'), headers: header(key) }),
      resource('Tool', `torn-${key}`, {
        ...{ type: 'http', description: 'd', inputSchema: { type: 'object' } },
        http: { url: at('torn', 'words').value, headers: header(key) },
      }),
      ask(`torn-model-${key}`, 'model', `torn-${key}`),
      ask(`torn-header-${key}`, 'model', `torn-header-${key}`),
      ask(`torn-tool-${key}`, 'tool', `torn-${key}`, { input: '{}' }),
      ask(`torn-memory-${key}`, 'agent', 'echo', { memory: { name: `torn-${key}` } }),
    ]);
  const queries = () => [
    ...models().map(({ metadata }) => ask(metadata.name, 'model')),
    ...TOOL_WAYS.map((how) => ask(`tool-${how}`, 'tool', `tool-${how}`, { input: '{}' })),
    ...MEMORY_WAYS.map((how) => ask(`memory-${how}`, 'agent', 'echo', { memory: { name: `memory-${how}` } })),
    ask('address-memory', 'agent', 'echo', { memory: { name: 'address-memory' } }),
    ask('search-memory', 'agent', 'echo', { memory: { name: 'search-memory' } }),
    ask('searching', 'agent'),
    ask('tenant', 'agent'),
    ask('elsewhere', 'agent'),
  ];

  const list = async (kinds: string) =>
    (JSON.parse(await runtime.kubectlOk(['get', kinds, '-o', 'json'])) as Listed).items;
  /** Everything was tried, and succeeded or failed. */
  async function settled(): Promise<void> {
    const patience = { every: 500 };
    await eventually(async () => {
      const open = (await list('models,mcpservers,a2aservers')).filter(
        ({ status }) => !status?.conditions?.some((each) => each.status !== 'Unknown'),
      );
      expect(open.map(({ metadata }) => metadata.name)).toEqual([]);
    }, patience);
    // What the servers offered is only there now.
    const late = [
      ...AGENT_WAYS.map((how) => ask(`agent-${how}`, 'agent')),
      ask('mcp-fine', 'tool', 'mcp-fine-greet', { input: '{}' }),
    ];
    await eventually(async () => {
      const applied = await runtime.ark(['apply', '-f', '-'], { input: yaml(...late) });
      expect([applied.code, applied.stderr]).toEqual([0, '']);
    }, patience);
    await eventually(async () => {
      const ended = /^(done|error|canceled|ready)$/;
      const open = (await list('queries,memories,evaluators,executionengines')).filter(
        ({ status }) => !ended.test(status?.phase ?? ''),
      );
      expect(open.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([]);
    }, patience);
  }

  /** One request of a client; what it was told is kept. */
  async function call(path: string, body?: object, token = apiKey, method = body ? 'POST' : 'GET'): Promise<string> {
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream, application/json' };
    const response = await fetch(runtime.endpoints.http + path, {
      ...{ method, headers: { ...headers, authorization: `Bearer ${token}` } },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    // What they said themselves is no news to them.
    told.push(`${path.split('?')[0]?.replace(apiKey, 'KEY')} ${JSON.stringify([...response.headers])} ${text}`);
    return text;
  }

  async function clients(): Promise<void> {
    const message = { kind: 'message', messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'x' }] };
    const rpc = (method: string, params: object) => ({ jsonrpc: '2.0', id: 1, method, params });
    const pushNotificationConfig = {
      ...{ url: `${mirror.url}/push/error`, token: PUSH },
      authentication: { schemes: ['Bearer'], credentials: PUSH },
    };
    for (const how of AGENT_WAYS) {
      const answer = await call(`/agent/agent-${how}/`, rpc('message/stream', { message }));
      expect(answer).toContain('jsonrpc');
    }
    const sent = await call(
      '/agent/echo/',
      rpc('message/send', { message, configuration: { pushNotificationConfig } }),
    );
    expect(sent).not.toContain('"error"');
    await eventually(() => expect(mirror.heard('/push')).toContain(PUSH));
    for (const token of [STRANGER, `${apiKey}x`]) {
      expect(await call('/agents', undefined, token)).toContain('401');
      await call(`/agents?namespace=${'a'.repeat(300)}`, undefined, token);
    }
    // A whole key where its public part belongs, and secrets of others in a query.
    for (const token of [apiKey, STRANGER]) {
      await call(`/v1/api-keys/${apiKey}`, undefined, token, 'DELETE');
      await call(`/agent/echo/?apiKey=${secrets.search}&token=${apiKey}`, rpc('message/send', {}), token);
    }
    for (const place of ['', '/agent/agent-reply', '/agent/tenant', '/agent/searching', '/engines/echo'])
      await call(`${place}/.well-known/agent-card.json`);
    const asked = (await list('queries')).map(({ metadata }) => metadata.name);
    for (const name of asked) await call(`/stream/${name}?from-beginning=true`);
    const paths = [
      '/agents',
      '/messages',
      '/conversations',
      '/memory-status',
      '/v1/a2a-tasks',
      '/v1/api-keys',
      '/readyz',
    ];
    for (const path of [...paths, '/metrics', '/engines', '/nowhere', '/.well-known/jwks.json']) await call(path);
  }

  const all = () => [...Object.values(secrets), STRANGER, PUSH, DATABASE_KEY, apiKey.split('.')[1] as string];
  const found = (text: string, among = all()) => among.filter((secret) => text.includes(secret));

  it('were used, and said back by those who got them', () => {
    const reached: [string, string][] = [
      ...MODEL_WAYS.map((how) => [`/openai/${how}`, 'openai'] as [string, string]),
      ...TOOL_WAYS.map((how) => [`/tool/${how}`, 'tool'] as [string, string]),
      ...[...SERVER_WAYS.map((how) => `/mcp/${how}`)].map((path) => [path, 'mcp'] as [string, string]),
      ...SERVER_WAYS.map((how) => [`/a2a/${how}`, 'a2a'] as [string, string]),
      ...AGENT_WAYS.map((how) => [`/agent/${how}`, 'a2a'] as [string, string]),
      ...MEMORY_WAYS.map((how) => [`/memory/${how}`, 'memory'] as [string, string]),
      ...(['azure', 'anthropic', 'bedrock'] as const).map((name) => [`/${name}/`, name] as [string, string]),
      ['/tool/', 'form'],
    ];
    for (const [path, name] of reached)
      expect([path, found(mirror.heard(path))]).toEqual([path, expect.arrayContaining([secrets[name]])]);
    for (const path of ['/openai/', '/tool/', '/mcp/', '/a2a/', '/agent/', '/memory/'])
      expect([path, found(mirror.heard(path), [secrets.tenant as string])]).toEqual([path, [secrets.tenant]]);
    expect(found(mirror.heard('/search/'), [secrets.search as string])).toEqual([secrets.search]);
    expect(found(JSON.stringify(mcp.seen.filter(({ line }) => !line.includes('apiKey'))))).toEqual([
      secrets.mcp,
      secrets.tenant,
    ]);
  });

  it('become no headers of their own', () => {
    expect(mirror.seen.filter(({ echo }) => /x-admin/i.test(echo))).toEqual([]);
    expect(runtime.output).not.toContain('"bugs"');
  });

  it('go only to those for whom they are meant', () => {
    const meant: Record<string, string[]> = { tool: ['tool', 'form'], agent: ['a2a'], push: [] };
    for (const { path, echo } of mirror.seen) {
      const who = path.split('/')[1] ?? '';
      const own = [...(meant[who] ?? [who]), ...(who === 'push' ? [] : ['tenant'])].map((name) => secrets[name]);
      const others = found(echo).filter((secret) => !own.includes(secret) && !(who === 'push' && secret === PUSH));
      expect([path, others]).toEqual([path, []]);
    }
  });

  it('are in no object but the one that holds them', async () => {
    const kinds = (await runtime.kubectlOk(['api-resources', '--verbs=list', '-o', 'name'])).trim().split('\n');
    const shown = kinds.filter((kind) => kind !== 'secrets');
    expect(shown.length).toBeGreaterThan(15);
    const text = await runtime.kubectlOk(['get', shown.join(','), '-A', '-o', 'yaml', '--show-managed-fields']);
    expect(text).toContain('kind: Event');
    const lines = text.split('\n').filter((line) => found(line).length > 0);
    expect(lines).toEqual([]);
  });

  it('are in no line of the log, even where it says everything', () => {
    expect(runtime.output).toContain('"level":"debug"');
    expect(runtime.output.split('\n').filter((line) => found(line).length > 0)).toEqual([]);
  });

  it('are in no line of the audit log, even where somebody writes them into a path', async () => {
    const read = () => runtime.output.split('\n').filter((line) => line.includes('"audit":1'));
    await eventually(() => expect(read().filter((line) => line.includes('/v1/api-keys/:publicKey'))).toHaveLength(2));
    const lines = read();
    for (const fact of ['denied', 'message/send', 'message/stream', '/v1/api-keys'])
      expect(lines.filter((line) => line.includes(fact)).length).toBeGreaterThan(0);
    expect(lines.filter((line) => found(line).length > 0)).toEqual([]);
  });

  it('are told to no client: no answer, no stream, no message of A2A, no figure', () => {
    expect(told.join('\n')).toContain('[DONE]');
    // Who sets up a notification gets the token for its own receiver back, as the protocol has it.
    const others = all().filter((secret) => secret !== PUSH);
    expect(told.filter((text) => found(text, others).length > 0)).toEqual([]);
  });

  it('are in no trace', async () => {
    await eventually(() => expect(collector.text).toContain('tool-words'));
    expect(found(collector.text)).toEqual([]);
  });

  it('are in no file as they are', async () => {
    const files = await readdir(runtime.dataDir, { recursive: true, withFileTypes: true });
    for (const file of files.filter((each) => each.isFile() && !each.parentPath.includes('kubectl-cache'))) {
      const text = (await readFile(join(file.parentPath, file.name))).toString('latin1');
      expect([file.name, found(text)]).toEqual([file.name, []]);
    }
  });
});
