import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { agent, executionEngine, query, resource, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';
import { ScriptedA2aServer } from '../harness/scripted-a2a-server.js';
import { ScriptedMcpServer } from '../harness/scripted-mcp-server.js';
import { scripted, team } from '../harness/team-manifests.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

type Manifest = Record<string, unknown>;

const ENDS = { type: 'direct', evaluator: { name: 'rules' } };
const JUDGED = { input: 'a', output: 'b', rules: [{ name: 'any', expression: 'true' }] };
const PARROT = { executionEngine: { name: 'echo' } };

/**
 * What every reconciler does as its own object, or what that follows, comes, changes and goes; on both API servers. Each
 * case names those that it judges, and whoever runs and is judged by none fails the last one.
 */
describeWithKubectl('reconcilers', () => {
  let runtime: Runtime;
  let tools: ScriptedMcpServer;
  let far: ScriptedA2aServer;
  let agents = ['north', 'south'];
  const judged: string[] = [];
  const reconcile = (names: string[], title: string, judge: () => Promise<void>) => {
    judged.push(...names);
    it(title, judge);
  };
  beforeAll(async () => {
    runtime = await Runtime.start();
    tools = await ScriptedMcpServer.listen();
    tools.tools = ['greet', 'leave'].map((name) => ({ name, inputSchema: { type: 'object' } }));
    const card = (name: string, url: string) => ({
      ...{ protocolVersion: '0.3.0', name, description: 'Travels', version: '1', url, capabilities: {} },
      ...{ defaultInputModes: ['text'], defaultOutputModes: ['text'], skills: [] },
    });
    far = await ScriptedA2aServer.listen((url) => ({ agents: agents.map((name) => card(name, `${url}/${name}`)) }));
    await apply(scripted('words', { answer: 'Hi.' }));
  });
  afterAll(async () => {
    await runtime?.dispose();
    await tools?.close();
    await far?.close();
  });

  const apply = (...objects: Manifest[]) => runtime.kubectlOk(['apply', '-f', '-'], yaml(...objects));
  const remove = (...what: string[]) => runtime.kubectlOk(['delete', ...what]);
  const read = (what: string, path: string) => runtime.kubectlOk(['get', ...what.split(' '), '-o', `jsonpath=${path}`]);
  /** Waits until a field of the status says it. */
  const says = (what: string, field: string, words: string | RegExp) =>
    eventually(async () => expect(await read(what, `{.status.${field}}`)).toMatch(words));
  const holds = (what: string, type: string, status: 'True' | 'False') =>
    says(what, `conditions[?(@.type=="${type}")].status`, new RegExp(`^${status}$`));
  const names = async (kind: string) => (await read(kind, '{.items[*].metadata.name}')).split(' ').filter(Boolean);
  const places = (host: string) => {
    const data = Object.fromEntries(
      ['notes', 'judge', 'engine'].map((key) => [key, `http://${key}.${host}.example.com`]),
    );
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'places' }, data };
  };
  const place = (key: string) => ({ valueFrom: { configMapKeyRef: { name: 'places', key } } });

  reconcile(['model-availability'], 'prove Models, and again when they change', async () => {
    await apply(scripted('proved', { answer: 'Hi.' }));
    await holds('model proved', 'ModelAvailable', 'True');
    await apply(resource('Model', 'proved', { provider: 'nobody', model: { value: 'm' }, config: {} }));
    await holds('model proved', 'ModelAvailable', 'False');
  });

  reconcile(
    ['agent-availability', 'team-availability', 'tool-readiness'],
    'say what Agents, Teams and Tools lack, until it comes, and when it goes',
    async () => {
      await apply(agent('latecomer', PARROT), agent('writer', { prompt: 'Write.', modelRef: { name: 'late' } }));
      await apply(
        team('crew', 'sequential', ['writer', 'latecomer']),
        resource('Tool', 'ask-latecomer', { type: 'agent', agent: { name: 'latecomer' } }),
      );
      await holds('agent writer', 'Available', 'False');
      await holds('team crew', 'Available', 'False');
      await says('tool ask-latecomer', 'state', 'Ready');
      await apply(scripted('late', { answer: 'Hi.' }));
      await holds('agent writer', 'Available', 'True');
      await holds('team crew', 'Available', 'True');
      await remove('agent', 'latecomer');
      await holds('team crew', 'Available', 'False');
      await says('tool ask-latecomer', 'state', 'Error');
      await apply(agent('latecomer', PARROT));
      await holds('team crew', 'Available', 'True');
      await says('tool ask-latecomer', 'state', 'Ready');
    },
  );

  reconcile(
    ['memory-address', 'evaluator-address', 'execution-engine-address'],
    'find addresses of Memories, Evaluators and engines, find them anew, and say when they are lost',
    async () => {
      await apply(places('first'));
      await apply(
        resource('Memory', 'notes', { address: place('notes') }),
        resource('Evaluator', 'judge', { address: place('judge') }),
        executionEngine('elsewhere', place('engine')),
      );
      const all = [
        ['memory notes', 'notes'],
        ['evaluator judge', 'judge'],
        ['executionengine elsewhere', 'engine'],
      ] as const;
      for (const [what, key] of all) await says(what, 'lastResolvedAddress', `http://${key}.first.example.com`);
      await apply(places('second'));
      for (const [what, key] of all) await says(what, 'lastResolvedAddress', `http://${key}.second.example.com`);
      await remove('configmap', 'places');
      for (const [what] of all) await says(what, 'phase', 'error');
    },
  );

  reconcile(
    ['mcp-server-discovery', 'a2a-server-discovery'],
    'keep the Tools of MCP servers and the Agents of A2A servers as these have them',
    async () => {
      await apply(
        resource('MCPServer', 'desk', { address: { value: tools.url }, pollInterval: '1s' }),
        resource('A2AServer', 'abroad', { address: { value: far.url }, pollInterval: '1s' }, 'v1prealpha1'),
      );
      await holds('mcpserver desk', 'Available', 'True');
      await holds('a2aserver abroad', 'Ready', 'True');
      expect(await names('tools')).toEqual(expect.arrayContaining(['desk-greet', 'desk-leave']));
      expect(await names('agents')).toEqual(expect.arrayContaining(['abroad-north', 'abroad-south']));
      tools.tools = tools.tools.slice(0, 1);
      agents = ['north'];
      await eventually(async () => expect(await names('tools')).not.toContain('desk-leave'));
      await eventually(async () => expect(await names('agents')).not.toContain('abroad-south'));
      expect(await names('tools')).toContain('desk-greet');
      expect(await names('agents')).toContain('abroad-north');
    },
  );

  reconcile(
    ['query-lifecycle', 'evaluation-run', 'query-evaluations'],
    'run Queries and Evaluations, judge Queries that are chosen, and let go of what had its time',
    async () => {
      const chosen = { selector: { resourceType: 'Query', matchLabels: { judged: 'yes' } } };
      const asked = query('asked', { input: 'Hi', target: { type: 'agent', name: 'parrot' } });
      await apply(
        agent('parrot', PARROT),
        resource('Evaluator', 'rules', { address: { value: 'plugin:rules' }, ...chosen }),
        { ...asked, metadata: { ...asked.metadata, labels: { judged: 'yes' } } },
        query('brief', { input: 'Hi', target: { type: 'agent', name: 'parrot' }, ttl: '1s' }),
        resource('Evaluation', 'one', { ...ENDS, config: JUDGED }),
        resource('Evaluation', 'brief', { ...ENDS, config: JUDGED, ttl: '1s' }),
      );
      await says('query asked', 'phase', 'done');
      await eventually(async () => expect((await names('evaluations')).join(' ')).toContain('asked'));
      await says('evaluation one', 'phase', 'done');
      await eventually(async () => expect(await names('queries')).not.toContain('brief'));
      await eventually(async () => expect(await names('evaluations')).not.toContain('brief'));
    },
  );

  reconcile(['evaluation-batch'], 'make children of a batch, and count them', async () => {
    const ends = { ...ENDS, evaluator: { name: 'counted' } };
    const items = ['Oslo', 'Rome'].map((output) => ({ ...ends, config: { ...JUDGED, output } }));
    await apply(
      resource('Evaluator', 'counted', { address: { value: 'plugin:rules' } }),
      resource('Evaluation', 'original', { ...ends, config: JUDGED }),
      resource('Evaluation', 'many', { type: 'batch', config: { items, evaluations: [{ name: 'original' }] } }),
    );
    await says('evaluation many', 'phase', 'done');
    expect(await read('evaluation many', '{.status.batchProgress.completed}')).toBe('3');
    expect(await names('evaluations')).toContain('many-child-0');
  });

  reconcile(['a2a-task-progress'], 'follow tasks on A2A servers to their end', async () => {
    let state = 'working';
    far.onCall = (call) => {
      if (call.method === 'tasks/get') call.result({ kind: 'task', id: 'trip', contextId: 'c', status: { state } });
      else call.error(-32601, 'nobody asked for this');
    };
    await apply(resource('A2AServer', 'afar', { address: { value: far.url } }, 'v1prealpha1'));
    await holds('a2aserver afar', 'Ready', 'True');
    const where = { agentRef: { name: 'afar-north' }, a2aServerRef: { name: 'afar' } };
    await apply(
      resource('A2ATask', 'trip', { taskId: 'trip', queryRef: { name: 'nobody' }, pollInterval: '1s', ...where }),
    );
    await says('a2atask trip', 'phase', 'running');
    state = 'completed';
    await says('a2atask trip', 'phase', 'completed');
  });

  reconcile(
    ['approval-decision'],
    'lead a question to its end when a person decides, and let go of it in time',
    async () => {
      const toolCalls = [{ name: 'ask-teller', arguments: { input: 'Hi' } }];
      await apply(
        agent('teller', PARROT),
        resource('Tool', 'ask-teller', { type: 'agent', agent: { name: 'teller' } }),
        scripted('careful', { match: 'Go', toolCalls }, { afterTool: '/./s', answer: 'Done.' }),
        agent('careful', {
          modelRef: { name: 'careful' },
          tools: [{ type: 'custom', name: 'ask-teller', approval: { required: true } }],
        }),
        query('careful', { input: 'Go.', target: { type: 'agent', name: 'careful' } }),
      );
      await says('query careful', 'phase', 'input-required');
      const question = await read('a2atasks -l ark.mckinsey.com/query-name=careful', '{.items[0].metadata.name}');
      const decision = { spec: { input: '{"decision":"approved"}', ttl: '1s' } };
      await runtime.kubectlOk(['patch', 'a2atask', question, '--type=merge', '-p', JSON.stringify(decision)]);
      await says('query careful', 'phase', 'done');
      await eventually(async () => expect(await names('a2atasks')).not.toContain(question));
    },
  );

  it('are all judged here', () => {
    const line = runtime.output.split('\n').find((text) => text.includes('The controllers run')) ?? '{}';
    const { controllers } = JSON.parse(line) as { controllers: string[] };
    expect(controllers.length).toBeGreaterThan(0);
    expect([...judged].sort()).toEqual([...controllers].sort());
  });
});
