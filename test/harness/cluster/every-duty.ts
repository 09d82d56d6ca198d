import { expect } from '@jest/globals';
import { eventually } from '../eventually.js';
import { ScriptedA2aServer } from '../scripted-a2a-server.js';
import { ScriptedMcpServer } from '../scripted-mcp-server.js';
import { machineAddress, OpenDoors } from './machine-address.js';
import type { Json, Workplace } from './workplace.js';

type Spec = Record<string, unknown>;
/** An A2A server with several agents, as pods reach it. */
type FarServer = { url: string; names: string[] };

const object = (kind: string, name: string, spec: Spec, more: Spec = {}) => ({
  apiVersion: /^(A2AServer|ExecutionEngine)$/.test(kind) ? 'ark.mckinsey.com/v1prealpha1' : 'ark.mckinsey.com/v1alpha1',
  kind,
  metadata: { name, ...more },
  spec,
});
const core = (kind: string, name: string, more: Spec) => ({ apiVersion: 'v1', kind, metadata: { name }, ...more });
const model = (name: string, script: Spec[]) =>
  object('Model', name, { provider: 'scripted', model: { value: 'script' }, config: { scripted: { script } } });
const agent = (name: string, spec: Spec) => object('Agent', name, spec);
const query = (name: string, type: string, target: string, more: Spec = {}) =>
  object('Query', name, { input: 'Go.', target: { type, name: target }, ...more });

const card = (name: string, url: string) => ({
  name,
  description: 'Far away',
  url,
  version: '1',
  protocolVersion: '0.3.0',
  capabilities: {},
  skills: [],
});

/** All that a release of the chart does for the people of a namespace, which takes each right that it has there. */
export async function doEveryDuty(at: Workplace): Promise<void> {
  const doors = new OpenDoors(machineAddress() ?? '');
  const abroad: FarServer = { url: '', names: ['far', 'near'] };
  const far = await ScriptedA2aServer.listen(() => ({
    agents: abroad.names.map((name) => card(name, `${abroad.url}${name}`)),
  }));
  far.onCall = ({ result }) => {
    const status = { state: 'completed', message: { kind: 'message', role: 'agent', messageId: 'm', parts: [] } };
    const artifacts = [{ artifactId: 'a', parts: [{ kind: 'text', text: 'hello' }] }];
    result({ kind: 'task', id: 'trip-1', contextId: 'c', status, artifacts });
  };
  const tools = await ScriptedMcpServer.listen();
  try {
    abroad.url = await doors.outside(far.url);
    await asksAgentsTeamsModelsAndTools(at);
    await missesWhatIsAbsent(at);
    await followsToolsOfServers(at, tools, await doors.outside(tools.url));
    await followsAgentsOfServers(at, abroad);
    await asksAPerson(at);
    await judgesAnswers(at);
    await answersAtTheGateway(at);
  } finally {
    doors.close();
    await Promise.all([tools.close(), far.close()]);
  }
}

async function asksAgentsTeamsModelsAndTools(at: Workplace): Promise<void> {
  await at.apply(
    core('Secret', 'key', { stringData: { token: 'abc' } }),
    core('ConfigMap', 'words', { data: { greeting: 'hello' } }),
    model('default', [{ answer: 'Done.' }]),
    agent('parrot', { executionEngine: { name: 'echo' } }),
    agent('writer', { prompt: 'You write.' }),
    object('Team', 'crew', { strategy: 'sequential', members: [{ type: 'agent', name: 'writer' }] }),
    object('Memory', 'notes', { address: { value: 'http://notes.example.com' } }),
    object('ExecutionEngine', 'elsewhere', { address: { value: 'http://elsewhere.example.com' } }),
    query('asks-parrot', 'agent', 'parrot'),
    query('asks-writer', 'agent', 'writer'),
    query('asks-crew', 'team', 'crew'),
    query('asks-model', 'model', 'default', { ttl: '1s' }),
  );
  for (const name of ['asks-parrot', 'asks-writer', 'asks-crew']) await at.isIn('done', name);
  await at.isGone('query', 'asks-model');
}

/** What is not there is asked of the API server itself. */
async function missesWhatIsAbsent(at: Workplace): Promise<void> {
  const from = (reference: string, more: Spec = {}) => ({ valueFrom: { [reference]: { name: 'ghost', ...more } } });
  const openai = (apiKey: Spec, baseUrl: Spec = { value: 'http://models.example.com/v1' }) => ({
    provider: 'openai',
    model: { value: 'm' },
    config: { openai: { apiKey, baseUrl } },
  });
  const hosted = {
    'ark.mckinsey.com/a2a-server-name': 'ghost',
    'ark.mckinsey.com/a2a-server-address': 'http://a.example',
  };
  await at.apply(
    object('Model', 'without-key', openai(from('secretKeyRef', { key: 'k' }))),
    object('Model', 'without-word', openai(from('configMapKeyRef', { key: 'k' }))),
    object('Model', 'without-service', openai({ value: 'k' }, from('serviceRef'))),
    object('Agent', 'without-home', { executionEngine: { name: 'a2a' } }, { annotations: hosted }),
    agent('without-model', { prompt: 'x', modelRef: { name: 'ghost' } }),
    agent('without-engine', { executionEngine: { name: 'ghost' } }),
    agent('without-tool', { prompt: 'x', tools: [{ type: 'custom', name: 'ghost' }] }),
    object('Tool', 'without-server', {
      type: 'mcp',
      inputSchema: { type: 'object' },
      mcp: { mcpServerRef: { name: 'ghost' }, toolName: 'x' },
    }),
    query('asks-no-agent', 'agent', 'ghost'),
    query('asks-no-team', 'team', 'ghost'),
    query('asks-no-model', 'model', 'ghost'),
    query('asks-no-tool', 'tool', 'ghost'),
    query('asks-without-key', 'model', 'without-key'),
    query('asks-without-word', 'model', 'without-word'),
    query('asks-without-service', 'model', 'without-service'),
    query('asks-without-home', 'agent', 'without-home'),
    query('asks-without-model', 'agent', 'without-model'),
    query('asks-without-engine', 'agent', 'without-engine'),
    query('asks-without-tool', 'agent', 'without-tool'),
    query('asks-without-server', 'tool', 'without-server', { input: '{}' }),
    query('asks-without-memory', 'agent', 'writer', { memory: { name: 'ghost' } }),
    object('Evaluation', 'without-query', {
      type: 'query',
      evaluator: { name: 'ghost' },
      config: { queryRef: { name: 'ghost' } },
    }),
  );
  const names = ['no-agent', 'no-team', 'no-model', 'no-tool', 'without-key', 'without-word', 'without-engine'];
  for (const name of [...names, 'without-server', 'without-service', 'without-home'])
    await at.isIn('error', `asks-${name}`);
}

async function followsToolsOfServers(at: Workplace, tools: ScriptedMcpServer, url: string): Promise<void> {
  tools.tools = ['greet', 'leave'].map((name) => ({ name, inputSchema: { type: 'object' } }));
  await at.apply(object('MCPServer', 'desk', { address: { value: url }, pollInterval: '1s' }));
  await at.is('Available', 'mcpserver', 'desk');
  await at.apply(query('asks-tool', 'tool', 'desk-greet', { input: '{}' }));
  await at.isIn('done', 'asks-tool');
  tools.tools = tools.tools.slice(0, 1);
  await at.isGone('tool', 'desk-leave');
}

async function followsAgentsOfServers(at: Workplace, far: FarServer): Promise<void> {
  await at.apply(object('A2AServer', 'abroad', { address: { value: far.url }, pollInterval: '1s' }));
  await at.is('Ready', 'a2aserver', 'abroad');
  await at.is('Available', 'agent', 'abroad-near');
  await at.apply(query('asks-far', 'agent', 'abroad-far'));
  await at.isIn('done', 'asks-far');
  far.names = ['far'];
  await at.isGone('agent', 'abroad-near');
}

async function asksAPerson(at: Workplace): Promise<void> {
  const tool = { type: 'mcp', name: 'desk-greet', approval: { required: true } };
  const script = [
    { match: 'Go.', answer: 'Let me.', toolCalls: [{ name: 'desk-greet', arguments: {} }] },
    { answer: 'Greeted.' },
  ];
  await at.apply(
    model('careful', script),
    agent('careful', { modelRef: { name: 'careful' }, tools: [tool] }),
    query('asks-first', 'agent', 'careful'),
  );
  await at.isIn('input-required', 'asks-first');
  const { items } = await at.get<{ items: Json[] }>('a2atasks', '-l', 'ark.mckinsey.com/query-name=asks-first');
  const { name } = items[0]!.metadata as { name: string };
  const approval = await at.post(`/v1/a2a-tasks/${name}/approval?namespace=${at.namespace}`, { decision: 'approved' });
  expect(approval).toMatchObject({ status: 200 });
  await at.isIn('done', 'asks-first');
  await at.kubectl('patch', 'a2atask', name, '--type=merge', '-p', '{"spec":{"ttl":"1s"}}');
  await at.isGone('a2atask', name);
}

async function judgesAnswers(at: Workplace): Promise<void> {
  const chosen = { resourceType: 'Query', matchLabels: { judged: 'yes' } };
  await at.apply(
    object('Evaluator', 'rules', { address: { value: 'plugin:rules' }, selector: chosen }),
    object('Evaluation', 'short', {
      type: 'direct',
      evaluator: { name: 'rules' },
      config: { input: 'a', output: 'b', rules: [{ name: 'any', expression: 'true' }] },
      ttl: '1s',
    }),
    object(
      'Query',
      'judged',
      { input: 'Go.', target: { type: 'agent', name: 'parrot' }, evaluators: [{ name: 'rules' }] },
      { labels: { judged: 'yes' } },
    ),
  );
  await at.isIn('done', 'judged');
  await eventually(async () => expect((await at.get('query', 'judged')).status.evaluations).toHaveLength(1));
  await at.isGone('evaluation', 'short');
}

async function answersAtTheGateway(at: Workplace): Promise<void> {
  const say = (text: string) => ({
    message: { kind: 'message', role: 'user', messageId: text, parts: [{ kind: 'text', text }] },
  });
  const { result } = await at.rpc('parrot', 'message/send', say('one two'));
  expect(result).toMatchObject({ kind: 'message', parts: [{ text: 'one two' }] });
  await at.apply(agent('slow', { executionEngine: { name: 'echo', options: { delayMs: 500 } } }));
  const configuration = { blocking: false };
  await eventually(async () => {
    const { result: task } = await at.rpc('slow', 'message/send', { ...say('word '.repeat(99)), configuration });
    expect(await at.rpc('slow', 'tasks/cancel', { id: task.id })).toMatchObject({
      result: { status: { state: 'canceled' } },
    });
  });
  expect(await at.rpc('parrot', 'tasks/get', { id: 'ghost' })).toHaveProperty('error');
}
