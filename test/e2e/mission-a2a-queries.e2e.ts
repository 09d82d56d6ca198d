import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { MockLlm } from '../harness/mock-llm.js';
import { findKubectl, Runtime, run } from '../harness/runtime.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

/**
 * The manifests (`test/fixtures/mission/a2a-queries-*.yaml`) and commands are the ones of Ark's page on A2A queries, letter
 * by letter, but for these:
 * - `helm install mock-llm … --set ark.a2a.enabled=true` needs a cluster that runs containers. Here the same program runs
 *   as a process, and the A2AServers that its chart creates are applied by hand.
 * - `kubectl describe a2atask $(… -o name)` is refused by kubectl itself, since the name says its kind already: without
 *   that word it runs.
 * - The messages that the first manifest carries in its comments are a manifest with a name of its own.
 * - Where the page shows `recieved` as an answer, the server says `received`.
 */
const manifest = (name: string) => readFileSync(`test/fixtures/mission/${name}.yaml`, 'utf8');
const ECHO_EXAMPLE = manifest('a2a-queries-1');
const ECHO_MESSAGES = manifest('a2a-queries-2');
const COUNT_MESSAGES = manifest('a2a-queries-3');
const SHOW_AGENTS = `# Wait for the A2A agents to become available.
kubectl get agents
# NAME                    MODEL   AVAILABLE   AGE
# echo-agent                      True        10s
# countdown-agent                 True        10s
# message-counter-agent           True        10s
`;
const LIST_TASKS = `# List A2ATasks for the query
kubectl get a2atasks -l ark.mckinsey.com/query-name=echo-example
# View the completed A2ATask details
kubectl describe $(kubectl get a2atasks -l ark.mckinsey.com/query-name=echo-example -o name)
`;
const TRACK_CONTEXT = `# Wait for query to complete
kubectl wait --for=condition=Completed query/count-messages --timeout=30s
# View the response
kubectl get query count-messages -o jsonpath='{.status.responses[0].content}'
# 1 message(s) recieved
# Extract the context ID from status
CONTEXT_ID=$(kubectl get query count-messages -o jsonpath='{.status.a2a.contextId}')
echo "Context ID: \${CONTEXT_ID}"
`;
const TEN_MESSAGES = `# Send 10 messages with the same context ID
for i in {1..10}; do
kubectl apply -f - <<EOF
apiVersion: ark.mckinsey.com/v1alpha1
kind: Query
metadata:
  name: count-messages-\${i}
  annotations:
    ark.mckinsey.com/a2a-context-id: "\${CONTEXT_ID}"
spec:
  targets:
  - name: message-counter-agent
    type: agent
  input: "Message \${i}"
EOF
kubectl wait --for=condition=Completed query/count-messages-\${i} --timeout=30s
done
# Check the final count
kubectl get query count-messages-10 -o jsonpath='{.status.responses[0].content}'
`;

/** What the chart of mock-llm creates for Ark. */
const server = (url: string, name: string) => `
apiVersion: ark.mckinsey.com/v1prealpha1
kind: A2AServer
metadata: { name: mock-llm-${name} }
spec:
  address: { value: "${url}/a2a/agents/${name}-agent" }
  pollInterval: 3s
`;

describeWithKubectl('queries to agents on A2A servers', () => {
  let mock: MockLlm;
  let runtime: Runtime;
  const bash = async (script: string) => {
    const kubectl = findKubectl() as string;
    const path = `${kubectl.slice(0, kubectl.lastIndexOf('/'))}:${process.env.PATH}`;
    const env = { KUBECONFIG: runtime.kubeconfig, PATH: path, HOME: runtime.dataDir };
    const result = await run('bash', ['-euo', 'pipefail', '-c', script], { env });
    if (result.code !== 0) throw new Error(`${result.code}: ${result.stderr}\n${result.stdout}`);
    return result.stdout;
  };
  const get = async (object: string, path: string) =>
    runtime.kubectlOk(['get', ...object.split(' '), '-o', `jsonpath=${path}`]);
  const ask = async (name: string, yaml: string) => {
    await runtime.kubectlOk(['apply', '-f', '-'], yaml);
    await runtime.kubectlOk(['wait', '--for=condition=Completed', `query/${name}`, '--timeout=60s']);
  };
  const countdown = (name: string, seconds: string) =>
    ECHO_EXAMPLE.replaceAll('echo-example', name)
      .replace('echo-agent', 'countdown-agent')
      .replace('Testing incoming messages', seconds);

  beforeAll(async () => {
    [mock, runtime] = await Promise.all([MockLlm.start(), Runtime.start()]);
    const servers = ['echo', 'countdown', 'message-counter'].map((name) => server(mock.url, name));
    await runtime.kubectlOk(['apply', '-f', '-'], servers.join('---'));
  });
  afterAll(async () => {
    await runtime?.dispose();
    await mock?.stop();
  });
  beforeEach(() =>
    eventually(async () => {
      const [header, ...rows] = (await bash(SHOW_AGENTS)).trimEnd().split('\n');
      expect(header).toMatch(/^NAME +MODEL +AVAILABLE +AGE *$/);
      const row = (name: string) => expect.stringMatching(`^${name}-agent +True +\\d+[smh]`);
      expect(rows.sort()).toEqual(['countdown', 'echo', 'message-counter'].map(row));
    }),
  );

  it('echo, and leave a completed A2ATask with the exchange', async () => {
    await ask('echo-example', ECHO_EXAMPLE);
    expect(JSON.parse(await get('query echo-example', '{.status}'))).toMatchObject({
      phase: 'done',
      responses: [{ content: 'Testing incoming messages', target: { name: 'echo-agent', type: 'agent' } }],
    });
    const shown = await bash(LIST_TASKS);
    expect(shown).toMatch(/echo-example +echo-agent +completed/);
    expect(shown).toMatch(/Reason: +TaskSucceeded/);
    expect(shown).toMatch(/Role: +user/);
    expect(shown).toMatch(/Text: +Testing incoming messages/);
  });

  it('have a record that belongs to the query, and goes with it', async () => {
    await ask('echo-owned', ECHO_EXAMPLE.replaceAll('echo-example', 'echo-owned'));
    const records = 'a2atasks -l ark.mckinsey.com/query-name=echo-owned';
    const uid = await get('query echo-owned', '{.metadata.uid}');
    expect(JSON.parse(await get(records, '{.items[0].metadata.ownerReferences}'))).toEqual([
      { apiVersion: 'ark.mckinsey.com/v1alpha1', kind: 'Query', name: 'echo-owned', uid },
    ]);
    await runtime.kubectlOk(['delete', 'query', 'echo-owned']);
    await eventually(async () => expect(await get(records, '{.items[*].metadata.name}')).toBe(''));
  });

  it('send only the last message of the user', async () => {
    await ask('echo-messages', ECHO_MESSAGES);
    expect(await get('query echo-messages', '{.status.responses[0].content}')).toBe('Follow up question');
  });

  it('go on in one conversation by its context id', async () => {
    await runtime.kubectlOk(['apply', '-f', '-'], COUNT_MESSAGES);
    const said = await bash(TRACK_CONTEXT + TEN_MESSAGES);
    expect(said).toContain('1 message(s) received');
    expect(said).toMatch(/Context ID: [0-9a-f-]{36}/);
    expect(said.trimEnd()).toMatch(/11 message\(s\) received$/);
  });

  it('wait for a task, whose progress is history and whose end is the answer', async () => {
    await ask('count-down', countdown('count-down', '2'));
    expect(await get('query count-down', '{.status.response.content}')).toBe('Countdown complete!');
    const task = JSON.parse(await get('a2atask -l ark.mckinsey.com/query-name=count-down', '{.items[0]}')) as {
      spec: object;
      status: { history: { parts: { text: string }[] }[] };
    };
    expect(task).toMatchObject({
      spec: { a2aServerRef: { name: 'mock-llm-countdown' }, agentRef: { name: 'countdown-agent' } },
      status: { phase: 'completed', protocolState: 'completed', conditions: [{ reason: 'TaskSucceeded' }] },
    });
    const texts = task.status.history.map(({ parts }) => parts[0]?.text);
    expect(texts).toEqual(expect.arrayContaining(['2', '1 seconds remaining...', 'Countdown complete!']));
  });

  it('fail as the task does', async () => {
    await ask('too-far', countdown('too-far', '-1'));
    expect(JSON.parse(await get('query too-far', '{.status}'))).toMatchObject({
      phase: 'error',
      response: { content: expect.stringContaining('negative number') },
    });
    expect(await get('a2atask -l ark.mckinsey.com/query-name=too-far', '{.items[0].status.phase}')).toBe('failed');
  });

  it('outlive the process that asked', async () => {
    await runtime.kubectlOk(['apply', '-f', '-'], countdown('long', '6'));
    await eventually(async () => {
      expect(await get('a2atask -l ark.mckinsey.com/query-name=long', '{.items[0].status.phase}')).toBe('running');
    });
    await runtime.kill();
    await runtime.boot();
    await runtime.kubectlOk(['wait', '--for=condition=Completed', 'query/long', '--timeout=60s']);
    expect(await get('query long', '{.status.response.content}')).toBe('Countdown complete!');
    expect(await get('a2atask -l ark.mckinsey.com/query-name=long', '{.items[*].status.phase}')).toBe('completed');
  });

  it('are canceled on both sides', async () => {
    await runtime.kubectlOk(['apply', '-f', '-'], countdown('given-up', '100'));
    const phase = () => get('a2atask -l ark.mckinsey.com/query-name=given-up', '{.items[0].status.phase}');
    await eventually(async () => expect(await phase()).toBe('running'));
    await runtime.kubectlOk(['patch', 'query', 'given-up', '--type=merge', '-p', '{"spec":{"cancel":true}}']);
    await eventually(async () => expect(await get('query given-up', '{.status.phase}')).toBe('canceled'));
    await eventually(async () => expect(await phase()).toBe('cancelled'));
    const id = await get('a2atask -l ark.mckinsey.com/query-name=given-up', '{.items[0].spec.taskId}');
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tasks/get', params: { id } });
    const headers = { 'content-type': 'application/json' };
    await eventually(async () => {
      const answer = await fetch(`${mock.url}/a2a/agents/countdown-agent/`, { method: 'POST', headers, body });
      expect(await answer.text()).toMatch(/"state":"(failed|canceled)"/);
    });
  });

  it('go with their server', async () => {
    await runtime.kubectlOk(['delete', 'a2aserver', 'mock-llm-echo']);
    await eventually(async () => expect(await get('agents', '{.items[*].metadata.name}')).not.toContain('echo-agent'));
    await runtime.kubectlOk(['apply', '-f', '-'], server(mock.url, 'echo'));
  });
});
