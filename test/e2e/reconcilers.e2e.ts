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

/** What every reconciler does as its own object, or what that follows, comes, changes and goes; on both API servers. */
describeWithKubectl('reconcilers', () => {
  let runtime: Runtime;
  let tools: ScriptedMcpServer;
  let far: ScriptedA2aServer;
  let agents = ['north', 'south'];
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

  it('prove Models, and again when they change', async () => {
    await apply(scripted('proved', { answer: 'Hi.' }));
    await holds('model proved', 'ModelAvailable', 'True');
    await apply(resource('Model', 'proved', { provider: 'nobody', model: { value: 'm' }, config: {} }));
    await holds('model proved', 'ModelAvailable', 'False');
  });

  it('say what Agents, Teams and Tools lack, until it comes, and when it goes', async () => {
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
  });

  it('find addresses of Memories, Evaluators and engines, find them anew, and say when they are lost', async () => {
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
  });

  it('keep the Tools of MCP servers and the Agents of A2A servers as these have them', async () => {
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
  });

  it('run Queries and Evaluations, judge Queries that are chosen, and let go of what had its time', async () => {
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
  });
});
