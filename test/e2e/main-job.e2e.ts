import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { agent, query, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';
import { scripted } from '../harness/team-manifests.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

describeWithKubectl('the main job: a Query answered by an engine of this process, driven by kubectl', () => {
  let runtime: Runtime;

  beforeAll(async () => {
    runtime = await Runtime.start();
    await runtime.kubectlOk(
      ['apply', '-f', '-'],
      yaml(
        agent('parrot', { prompt: 'Repeat.', executionEngine: { name: 'echo' } }),
        agent('slow', { executionEngine: { name: 'echo', options: { delayMs: 1000 } } }),
        query('hello', { input: 'Hello there', target: { type: 'agent', name: 'parrot' } }),
      ),
    );
    await runtime.kubectlOk(['wait', 'agent/parrot', '--for=condition=Available', '--timeout=60s']);
    await runtime.kubectlOk(['wait', 'query/hello', '--for=condition=Completed', '--timeout=60s']);
  });
  afterAll(() => runtime?.dispose());

  const status = async (name: string) =>
    JSON.parse(await runtime.kubectlOk(['get', 'query', name, '-o', 'json'])).status;
  /** What `kubectl describe` shows of Events, which are written beside the work. */
  const told = (name: string, ...events: RegExp[]) =>
    eventually(async () => {
      const text = await runtime.kubectlOk(['describe', 'query', name]);
      for (const event of events) expect(text).toMatch(event);
    });

  it('publishes an ExecutionEngine object for each installed engine, with a resolved address', async () => {
    await runtime.kubectlOk(['wait', 'executionengine/echo', '--for=jsonpath={.status.phase}=ready', '--timeout=60s']);
    const table = await runtime.kubectlOk(['get', 'executionengines']);
    expect(table.split('\n')[0]).toMatch(/^NAME\s+PHASE\s+ADDRESS\s+AGE/);
    expect(table).toMatch(new RegExp(`^echo\\s+ready\\s+${runtime.endpoints.http}/engines/echo`, 'm'));
  });

  it('answers a Query for an agent of the echo engine', async () => {
    const answer = await status('hello');
    expect(answer).toMatchObject({
      phase: 'done',
      response: { target: { type: 'agent', name: 'parrot' }, content: 'Hello there', phase: 'done' },
      conditions: [{ type: 'Completed', status: 'True', reason: 'QuerySucceeded', observedGeneration: 1 }],
      claim: { attempt: 1 },
    });
    expect(answer.responses).toEqual([answer.response]);
    expect(answer.conversationId).toMatch(/.+/);
    expect(answer.duration).toMatch(/^[\d.]+(ms|s|µs)/);
    expect(JSON.parse(answer.response.raw)).toEqual([{ role: 'assistant', content: 'Hello there' }]);
  });

  it('goes through running before it is done, in two status writes', async () => {
    const phases: string[] = [];
    const stop = await runtime.watchJson('/apis/ark.mckinsey.com/v1alpha1/namespaces/default/queries', (object) => {
      if (object.metadata.name === 'watched') phases.push(object.status?.phase ?? '');
    });
    await runtime.kubectlOk(
      ['apply', '-f', '-'],
      yaml(query('watched', { input: 'step by step', target: { type: 'agent', name: 'parrot' } })),
    );
    await runtime.kubectlOk(['wait', 'query/watched', '--for=jsonpath={.status.phase}=done', '--timeout=60s']);
    stop();
    expect(phases).toEqual(['', 'running', 'done']);
  });

  it('shows the Query in a table with the columns of the kind', async () => {
    const [head, row] = (await runtime.kubectlOk(['get', 'query', 'hello'])).split('\n');
    expect(head).toMatch(/^NAME\s+TYPE\s+PHASE\s+DURATION\s+AGE/);
    expect(row).toMatch(/^hello\s+user\s+done\s+\S+\s+\S+/);
  });

  it('tells kubectl describe when it began and how it ended', async () => {
    await told('hello', /Normal\s+QueryExecutionStart\b/, /Normal\s+QueryExecutionComplete\b.*Query completed after/);
  });

  it('tells kubectl describe which call of a tool was refused', async () => {
    const script = [{ match: 'Go', toolCalls: [{ name: 'bomb', arguments: {} }] }, { answer: 'I may not.' }];
    await runtime.kubectlOk(
      ['apply', '-f', '-'],
      yaml(
        scripted('reckless', ...script),
        agent('reckless', { modelRef: { name: 'reckless' } }),
        query('reckless', { input: 'Go', target: { type: 'agent', name: 'reckless' } }),
      ),
    );
    await runtime.kubectlOk(['wait', 'query/reckless', '--for=condition=Completed', '--timeout=60s']);
    await told('reckless', /Warning\s+ToolRefused\b.*bomb/, /Normal\s+QueryExecutionComplete\b/);
  });

  it('keeps a conversation together across Queries', async () => {
    await runtime.kubectlOk(
      ['apply', '-f', '-'],
      yaml(
        query('threaded', { input: 'again', conversationId: 'thread-7', target: { type: 'agent', name: 'parrot' } }),
      ),
    );
    await runtime.kubectlOk(['wait', 'query/threaded', '--for=condition=Completed', '--timeout=60s']);
    expect((await status('threaded')).conversationId).toBe('thread-7');
  });

  it('fills parameters into the input', async () => {
    const parameters = [{ name: 'who', value: 'Ada' }];
    await runtime.kubectlOk(
      ['apply', '-f', '-'],
      yaml(query('greeting', { input: 'Hi {{.who}}', parameters, target: { type: 'agent', name: 'parrot' } })),
    );
    await runtime.kubectlOk(['wait', 'query/greeting', '--for=condition=Completed', '--timeout=60s']);
    expect((await status('greeting')).response.content).toBe('Hi Ada');
  });

  it('answers every target of the older form and mirrors the first', async () => {
    const targets = [
      { type: 'agent', name: 'parrot' },
      { type: 'agent', name: 'second' },
    ];
    await runtime.kubectlOk(
      ['apply', '-f', '-'],
      yaml(agent('second', { executionEngine: { name: 'echo', options: { prefix: '2: ' } } })),
    );
    await runtime.kubectlOk(['apply', '-f', '-'], yaml(query('both', { input: 'hey', targets })));
    await runtime.kubectlOk(['wait', 'query/both', '--for=condition=Completed', '--timeout=60s']);
    const answer = await status('both');
    expect(answer.responses.map((response: { content: string }) => response.content)).toEqual(['hey', '2: hey']);
    expect(answer.response).toEqual(answer.responses[0]);
  });

  it('cancels a running Query within a second and leaves a finished one alone', async () => {
    const input = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ');
    await runtime.kubectlOk(
      ['apply', '-f', '-'],
      yaml(query('long', { input, target: { type: 'agent', name: 'slow' } })),
    );
    await runtime.kubectlOk(['wait', 'query/long', '--for=jsonpath={.status.phase}=running', '--timeout=60s']);
    const cancel = ['--type=merge', '-p', '{"spec":{"cancel":true}}'];
    await runtime.kubectlOk(['patch', 'query', 'long', ...cancel]);
    await runtime.kubectlOk(['wait', 'query/long', '--for=jsonpath={.status.phase}=canceled', '--timeout=20s']);
    await told('long', /Normal\s+QueryExecutionCanceled\b.*Query was canceled after/);
    await runtime.kubectlOk(['patch', 'query', 'hello', ...cancel]);
    expect((await status('hello')).phase).toBe('done');
  });

  it('ends a Query that outlives its time-out as an error that says so', async () => {
    const spec = { input: 'one two three', timeout: '300ms', target: { type: 'agent', name: 'slow' } };
    await runtime.kubectlOk(['apply', '-f', '-'], yaml(query('late', spec)));
    await runtime.kubectlOk(['wait', 'query/late', '--for=condition=Completed', '--timeout=60s']);
    const answer = await status('late');
    expect(answer.phase).toBe('error');
    expect(answer.response.content).toContain('context deadline exceeded');
    await told('late', /Warning\s+QueryExecutionError\b.*Query failed after .*: context deadline exceeded/);
  });

  it('says what is missing when an agent names an engine nobody has', async () => {
    await runtime.kubectlOk(['apply', '-f', '-'], yaml(agent('lost', { executionEngine: { name: 'nowhere' } })));
    await runtime.kubectlOk(['wait', 'agent/lost', '--for=condition=Available=false', '--timeout=60s']);
    const lost = JSON.parse(await runtime.kubectlOk(['get', 'agent', 'lost', '-o', 'json']));
    expect(lost.status.conditions).toHaveLength(1);
    expect(lost.status.conditions[0]).toMatchObject({
      type: 'Available',
      status: 'False',
      reason: 'ExecutionEngineNotFound',
    });
    await eventually(async () =>
      expect(await runtime.kubectlOk(['describe', 'agent', 'lost'])).toMatch(/Warning\s+DependencyUnavailable/),
    );
  });

  it('deletes a finished Query when its time to live is over', async () => {
    const spec = { input: 'short', ttl: '1s', target: { type: 'agent', name: 'parrot' } };
    await runtime.kubectlOk(['apply', '-f', '-'], yaml(query('mayfly', spec)));
    await runtime.kubectlOk(['wait', 'query/mayfly', '--for=delete', '--timeout=60s']);
  });

  it('refuses an invalid manifest with the path and the reason', async () => {
    const result = await runtime.kubectl(['apply', '-f', '-'], yaml(agent('bad', { tools: [{ name: 't' }] })));
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('The Agent "bad" is invalid:');
    expect(result.stderr).toContain('* spec.tools[0].type: Required value');
  });
});
