import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { AuditedCluster } from '../harness/cluster/audited-cluster.js';
import { machineAddress, OpenDoors } from '../harness/cluster/machine-address.js';
import { canRunPods, type RunningPod } from '../harness/cluster/pod.js';
import { type Rule, rightsIn } from '../harness/cluster/rights.js';
import { controlPlaneBinaries } from '../harness/control-plane.js';
import { eventually } from '../harness/eventually.js';
import { freePort } from '../harness/free-port.js';
import { findHelm, set, template } from '../harness/helm.js';
import { findKubectl } from '../harness/runtime.js';
import { type A2aCall, ScriptedA2aServer } from '../harness/scripted-a2a-server.js';
import { ScriptedMcpServer } from '../harness/scripted-mcp-server.js';

type Spec = Record<string, unknown>;
/** What comes over the wire; expectations say what it must be. */
type Json = Record<string, ReturnType<typeof JSON.parse>>;

const NAMESPACE = 'ark-system';
const WORK = 'work';
const able = controlPlaneBinaries() && findHelm() && findKubectl() && machineAddress() && canRunPods();

const object = (kind: string, name: string, spec: Spec, more: Spec = {}) => ({
  apiVersion: /^(A2AServer|ExecutionEngine)$/.test(kind) ? 'ark.mckinsey.com/v1prealpha1' : 'ark.mckinsey.com/v1alpha1',
  kind,
  metadata: { name, namespace: WORK, ...more },
  spec,
});
const core = (kind: string, name: string, more: Spec) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: WORK },
  ...more,
});
const model = (name: string, script: Spec[]) =>
  object('Model', name, { provider: 'scripted', model: { value: 'script' }, config: { scripted: { script } } });
const agent = (name: string, spec: Spec) => object('Agent', name, spec);
const query = (name: string, type: string, target: string, more: Spec = {}) =>
  object('Query', name, { input: 'Go.', target: { type, name: target }, ...more });
const rules = (file: string) =>
  (load(readFileSync(`charts/ark/files/rbac/${file}.yaml`, 'utf8')) as { rules: Rule[] }).rules;

const hello = { kind: 'text', text: 'hello' };
const card = (name: string, url: string) => ({
  name,
  description: 'Far away',
  url,
  version: '1',
  protocolVersion: '0.3.0',
  capabilities: {},
  skills: [],
});

(able ? describe : describe.skip)('the chart in a real cluster', () => {
  let cluster: AuditedCluster;
  let token = '';
  let pod: RunningPod;
  let doors: OpenDoors;
  let tools: ScriptedMcpServer;
  let far: ScriptedA2aServer;
  let farUrl = '';
  let farNames = ['far', 'near'];
  beforeAll(async () => {
    cluster = await AuditedCluster.start(controlPlaneBinaries() ?? '');
    await cluster.install(
      NAMESPACE,
      ...set(`containerPort=${await freePort()}`, 'persistence.enabled=false', 'auth.mode=token'),
      ...set('queryServiceAccounts.enabled=true'),
    );
    await cluster.kubectl(['create', 'namespace', WORK]);
    await cluster.kubectl(['create', 'serviceaccount', 'caller', '-n', WORK]);
    const may = ['--clusterrole=cluster-admin', `--serviceaccount=${WORK}:caller`];
    await cluster.kubectl(['create', 'rolebinding', 'caller', '-n', WORK, ...may]);
    token = (await cluster.kubectl(['create', 'token', 'caller', '-n', WORK])).trim();
    doors = new OpenDoors(machineAddress() ?? '');
    tools = await ScriptedMcpServer.listen();
    far = await ScriptedA2aServer.listen(() => ({ agents: farNames.map((name) => card(name, `${farUrl}${name}`)) }));
    pod = await cluster.run(NAMESPACE);
  });
  afterAll(async () => {
    await pod?.stop();
    doors?.close();
    await Promise.all([tools?.close(), far?.close()]);
    await cluster?.stop();
  });

  const get = (kind: string, name: string) => cluster.get<Json>(kind, name, '-n', WORK);
  const gone = (kind: string, name: string) => eventually(() => expect(get(kind, name)).rejects.toThrow('NotFound'));
  const phase = (name: string, wanted: string) =>
    eventually(async () => expect((await get('query', name)).status).toMatchObject({ phase: wanted }));
  const condition = (kind: string, name: string, type: string) =>
    eventually(async () => {
      const held = expect.arrayContaining([expect.objectContaining({ type, status: 'True' })]);
      expect((await get(kind, name)).status).toMatchObject({ conditions: held });
    });
  const rpc = async (name: string, method: string, params: Json) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const answer = await fetch(`${pod.url}/ns/${WORK}/agent/${name}/`, { method: 'POST', headers, body });
    return (await answer.json()) as Json;
  };

  async function asksAgentsTeamsModelsAndTools(): Promise<void> {
    await cluster.apply(
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
    for (const name of ['asks-parrot', 'asks-writer', 'asks-crew']) await phase(name, 'done');
    await gone('query', 'asks-model');
  }

  /** What is not there is asked of the API server itself. */
  async function missesWhatIsAbsent(): Promise<void> {
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
    await cluster.apply(
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
      await phase(`asks-${name}`, 'error');
  }

  async function followsToolsOfServers(): Promise<void> {
    tools.tools = ['greet', 'leave'].map((name) => ({ name, inputSchema: { type: 'object' } }));
    await cluster.apply(
      object('MCPServer', 'desk', { address: { value: await doors.outside(tools.url) }, pollInterval: '1s' }),
    );
    await condition('mcpserver', 'desk', 'Available');
    await cluster.apply(query('asks-tool', 'tool', 'desk-greet', { input: '{}' }));
    await phase('asks-tool', 'done');
    tools.tools = tools.tools.slice(0, 1);
    await gone('tool', 'desk-leave');
  }

  async function followsAgentsOfServers(): Promise<void> {
    farUrl = await doors.outside(far.url);
    far.onCall = ({ result }: A2aCall) => {
      const status = { state: 'completed', message: { kind: 'message', role: 'agent', messageId: 'm', parts: [] } };
      result({ kind: 'task', id: 'trip-1', contextId: 'c', status, artifacts: [{ artifactId: 'a', parts: [hello] }] });
    };
    await cluster.apply(object('A2AServer', 'abroad', { address: { value: farUrl }, pollInterval: '1s' }));
    await condition('a2aserver', 'abroad', 'Ready');
    await condition('agent', 'abroad-near', 'Available');
    await cluster.apply(query('asks-far', 'agent', 'abroad-far'));
    await phase('asks-far', 'done');
    farNames = ['far'];
    await gone('agent', 'abroad-near');
  }

  async function asksAPerson(): Promise<void> {
    const tool = { type: 'mcp', name: 'desk-greet', approval: { required: true } };
    const script = [
      { match: 'Go.', answer: 'Let me.', toolCalls: [{ name: 'desk-greet', arguments: {} }] },
      { answer: 'Greeted.' },
    ];
    await cluster.apply(
      model('careful', script),
      agent('careful', { modelRef: { name: 'careful' }, tools: [tool] }),
      query('asks-first', 'agent', 'careful'),
    );
    await phase('asks-first', 'input-required');
    const mine = ['-n', WORK, '-l', 'ark.mckinsey.com/query-name=asks-first'];
    const { items } = await cluster.get<{ items: Json[] }>('a2atasks', ...mine);
    const { name } = items[0]!.metadata as { name: string };
    const approval = JSON.stringify({ decision: 'approved' });
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const url = `${pod.url}/v1/a2a-tasks/${name}/approval?namespace=${WORK}`;
    expect(await fetch(url, { method: 'POST', headers, body: approval })).toMatchObject({ status: 200 });
    await phase('asks-first', 'done');
    await cluster.kubectl(['patch', 'a2atask', name, '-n', WORK, '--type=merge', '-p', '{"spec":{"ttl":"1s"}}']);
    await gone('a2atask', name);
  }

  async function judgesAnswers(): Promise<void> {
    const chosen = { resourceType: 'Query', matchLabels: { judged: 'yes' } };
    await cluster.apply(
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
    await phase('judged', 'done');
    await eventually(async () => expect((await get('query', 'judged')).status.evaluations).toHaveLength(1));
    await gone('evaluation', 'short');
  }

  async function answersAtTheGateway(): Promise<void> {
    const say = (text: string) => ({
      message: { kind: 'message', role: 'user', messageId: text, parts: [{ kind: 'text', text }] },
    });
    const { result } = await rpc('parrot', 'message/send', say('one two'));
    expect(result).toMatchObject({ kind: 'message', parts: [{ text: 'one two' }] });
    await cluster.apply(agent('slow', { executionEngine: { name: 'echo', options: { delayMs: 500 } } }));
    const configuration = { blocking: false };
    await eventually(async () => {
      const { result: task } = await rpc('slow', 'message/send', { ...say('word '.repeat(99)), configuration });
      expect(await rpc('slow', 'tasks/cancel', { id: task.id })).toMatchObject({
        result: { status: { state: 'canceled' } },
      });
    });
    expect(await rpc('parrot', 'tasks/get', { id: 'ghost' })).toHaveProperty('error');
  }

  async function readsInTheNameOfServiceAccounts(): Promise<void> {
    const role = ['--verb=get', '--resource=agents.ark.mckinsey.com,models.ark.mckinsey.com'];
    await cluster.kubectl(['create', 'serviceaccount', 'reader', '-n', WORK]);
    await cluster.kubectl(['create', 'role', 'reader', '-n', WORK, ...role]);
    await cluster.kubectl([
      'create',
      'rolebinding',
      'reader',
      '-n',
      WORK,
      '--role=reader',
      `--serviceaccount=${WORK}:reader`,
    ]);
    await cluster.apply(query('as-reader', 'agent', 'parrot', { serviceAccount: 'reader' }));
    await phase('as-reader', 'done');
    const impersonation = set('auth.mode=oidc', 'auth.impersonation.enabled=true');
    await cluster.kubectl(['apply', '-f', '-'], await template(...impersonation, '-s', 'templates/impersonation.yaml'));
    for (const kind of ['users', 'groups', 'serviceaccounts']) {
      const asked = ['auth', 'can-i', 'impersonate', kind, '--as=system:serviceaccount:agents:ark'];
      expect(await cluster.kubectl(asked)).toContain('yes');
    }
  }

  async function holdsALeaseAndShowsItsEngines(): Promise<void> {
    const { items } = await cluster.get<{ items: Json[] }>('leases', '-n', NAMESPACE);
    expect(items).toHaveLength(1);
    const engine = await cluster.get<Json>('executionengine', 'echo', '-n', NAMESPACE);
    expect(engine.spec.address.value).toBe(`http://ark.${NAMESPACE}.svc:80/engines/echo/`);
    const { items: events } = await cluster.get<{ items: Json[] }>('events', '-n', WORK);
    expect(events.length).toBeGreaterThan(0);
    expect(await pod.stop()).toBe(0);
    expect(await cluster.get<Json>('leases', '-n', NAMESPACE)).toMatchObject({ items: [] });
  }

  it('does its work with the rights of its ServiceAccount: none is missing, and none is never used', async () => {
    await asksAgentsTeamsModelsAndTools();
    await missesWhatIsAbsent();
    await followsToolsOfServers();
    await followsAgentsOfServers();
    await asksAPerson();
    await judgesAnswers();
    await answersAtTheGateway();
    await readsInTheNameOfServiceAccounts();
    await holdsALeaseAndShowsItsEngines();
    const audit = cluster.audit(NAMESPACE);
    expect(audit.refused()).toEqual([]);
    const [anywhere, own] = [audit.used(), audit.used(NAMESPACE)];
    expect({
      resources: rightsIn(rules('resources')).filter((right) => !anywhere.has(right)),
      'own-namespace': rightsIn(rules('own-namespace')).filter((right) => !own.has(right)),
      'service-accounts': rightsIn(rules('query-service-accounts')).filter((right) => !anywhere.has(right)),
      // Impersonating is no request of its own.
    }).toEqual({ resources: [], 'own-namespace': [], 'service-accounts': ['impersonate serviceaccounts'] });
  }, 240_000);
});
