import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { agent, query, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

type Spec = Record<string, unknown>;

const object = (kind: string, name: string, spec: Spec) => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind,
  metadata: { name },
  spec,
});

const model = (name: string, script: Spec[]) =>
  object('Model', name, { provider: 'scripted', model: { value: 'script' }, config: { scripted: { script } } });

interface Task {
  metadata: { name: string; labels: Record<string, string>; ownerReferences: Spec[] };
  spec: Spec & { taskId: string };
  status: { phase: string; error?: string; protocolMetadata: Record<string, string>; conditions: Spec[] };
}

/** Counts what is done to it. */
class Vault {
  readonly opened: string[] = [];
  private readonly server: Server = createServer((request, response) => {
    this.opened.push(request.url ?? '');
    response.end(`done ${request.url}`);
  });
  url = '';

  async listen(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  times(path: string): number {
    return this.opened.filter((url) => url === path).length;
  }
}

const required = (more: Spec = {}) => ({ approval: { required: true, ...more } });
const report = { afterTool: '/./s', answer: 'I heard: {result}' };

describeWithKubectl('a call that needs a person', () => {
  let runtime: Runtime;
  const vault = new Vault();
  beforeAll(async () => {
    await vault.listen();
    runtime = await Runtime.start();
    const schema = { type: 'object', properties: { who: { type: 'string' } } };
    const http = (path: string) => ({ type: 'http', inputSchema: schema, http: { url: `${vault.url}${path}/{who}` } });
    await apply(object('Tool', 'open', http('/open')), object('Tool', 'look', http('/look')));
  });
  afterAll(async () => {
    vault.close();
    await runtime?.dispose();
  });

  const apply = (...objects: Spec[]) => runtime.kubectlOk(['apply', '-f', '-'], yaml(...objects));
  const get = async <T>(...what: string[]) => JSON.parse(await runtime.kubectlOk(['get', ...what, '-o', 'json'])) as T;
  const queryOf = (name: string) => get<{ metadata: { annotations?: Spec }; status?: Spec }>('query', name);

  /** Makes an agent with a script and tools, and asks it. */
  async function ask(name: string, script: Spec[], tools: Spec[], more: Spec = {}): Promise<void> {
    await apply(
      model(name, script),
      agent(name, { modelRef: { name }, tools, ...more }),
      query(name, { input: 'Go.', target: { type: 'agent', name } }),
    );
  }

  /** The question that a Query waits for. */
  async function question(name: string): Promise<Task> {
    const selector = `ark.mckinsey.com/query-name=${name}`;
    let open: Task | undefined;
    await eventually(async () => {
      const { items } = await get<{ items: Task[] }>('a2atasks', '-l', selector);
      open = items.find(({ status }) => status?.phase === 'input-required');
      expect(open).toBeDefined();
      expect((await queryOf(name)).status?.phase).toBe('input-required');
    });
    return open as Task;
  }

  const decide = ({ metadata }: Task, decision: string) =>
    runtime.kubectlOk([
      ...['patch', 'a2atask', metadata.name, '--type=merge', '-p'],
      JSON.stringify({ spec: { input: decision } }),
    ]);
  const approved = '{"decision":"approved"}';
  const rejected = '{"decision":"rejected"}';

  async function ended(name: string) {
    await runtime.kubectlOk(['wait', `query/${name}`, '--for=condition=Completed', '--timeout=60s']);
    const { status = {} } = await queryOf(name);
    const { content, raw, a2a } = status.response as { content: string; raw: string; a2a: Spec };
    return { phase: status.phase, content, raw: JSON.parse(raw) as Spec[], a2a };
  }

  it('is decided over REST, by a word that decides', async () => {
    await ask(
      'rob',
      [{ match: 'Go.', toolCalls: [{ name: 'open', arguments: { who: 'rob' } }] }, report],
      [{ type: 'http', name: 'open', ...required({}) }],
    );
    const { metadata } = await question('rob');
    const post = (decision: string) =>
      fetch(`${runtime.endpoints.http}/v1/a2a-tasks/${metadata.name}/approval`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ decision }),
      });
    expect((await post('perhaps')).status).toBe(422);
    const answered = await post('rejected');
    expect([answered.status, await answered.json()]).toMatchObject([
      200,
      { name: metadata.name, decision: 'rejected' },
    ]);
    expect((await ended('rob')).phase).toBe('done');
    expect(vault.times('/open/rob')).toBe(0);
    expect((await post('approved')).status).toBe(409);
  });

  it('waits, says what it wants, outlives the process, and is made once; its siblings too', async () => {
    const calls = [
      { name: 'look', arguments: { who: 'ann' } },
      { name: 'open', arguments: { who: 'ann' } },
    ];
    const tools = [
      { type: 'http', name: 'open', ...required({ timeout: '5m' }) },
      { type: 'http', name: 'look' },
    ];
    const usage = (promptTokens: number, completionTokens: number) => ({ usage: { promptTokens, completionTokens } });
    const script = [
      { match: 'Go.', answer: 'Let me.', toolCalls: calls, ...usage(7, 3) },
      { ...report, ...usage(20, 2) },
    ];
    await ask('ann', script, tools);
    const task = await question('ann');
    expect(task).toMatchObject({
      metadata: { name: `a2a-task-${task.spec.taskId}`, ownerReferences: [{ kind: 'Query', name: 'ann' }] },
      spec: { queryRef: { name: 'ann', namespace: 'default' }, agentRef: { name: 'ann' }, timeout: '5m0s' },
      status: { protocolMetadata: { timeout: '5m0s', onTimeout: 'reject' } },
    });
    expect(JSON.parse(task.status.protocolMetadata.toolCalls ?? '')).toMatchObject([
      { type: 'function', function: { name: 'open', arguments: '{"who":"ann"}' } },
    ]);
    const waiting = (await queryOf('ann')).status;
    expect(waiting).toMatchObject({
      conditions: [{ type: 'Completed', status: 'False' }],
      tokenUsage: { promptTokens: 7, completionTokens: 3, totalTokens: 10 },
      response: {
        phase: 'input-required',
        a2a: { taskId: task.spec.taskId },
        content: expect.stringContaining(`agent 'default/ann' wants to call open with {"who":"ann"}`),
      },
    });
    expect([vault.times('/look/ann'), vault.times('/open/ann')]).toEqual([1, 0]);

    await runtime.kill();
    await runtime.boot();
    await decide(await question('ann'), approved);
    const { phase, content, raw, a2a } = await ended('ann');
    expect(phase).toBe('done');
    expect((await queryOf('ann')).status?.tokenUsage).toEqual({
      promptTokens: 27,
      completionTokens: 5,
      totalTokens: 32,
    });
    expect(content).toContain('done /open/ann');
    expect(raw.map(({ role }) => role)).toEqual(['assistant', 'tool', 'tool', 'assistant']);
    expect(a2a).not.toHaveProperty('taskId');
    expect([vault.times('/look/ann'), vault.times('/open/ann')]).toEqual([1, 1]);
  });

  it('is told to the model when it is refused, and the clock refuses too', async () => {
    const script = [{ match: 'Go.', toolCalls: [{ name: 'open', arguments: { who: 'ben' } }] }, report];
    await ask('ben', script, [{ type: 'http', name: 'open', ...required() }]);
    const task = await question('ben');
    await decide(task, 'yes, why not');
    await eventually(async () => {
      const { status } = await get<Task>('a2atask', task.metadata.name);
      expect(status).toMatchObject({ phase: 'input-required', conditions: [{ reason: 'InvalidApprovalDecision' }] });
    });
    await decide(task, rejected);
    expect((await ended('ben')).content).toContain("tool 'open' was not called: a person rejected the call");
    const { status } = await get<Task>('a2atask', task.metadata.name);
    expect(status).toMatchObject({ phase: 'failed', error: 'Tool execution rejected by user' });

    await ask('bea', script, [{ type: 'http', name: 'open', ...required({ timeout: '1s' }) }]);
    expect((await ended('bea')).content).toContain('nobody approved the call in time');
    await ask('bob', script, [{ type: 'http', name: 'open', ...required({ timeout: '1s', onTimeout: 'proceed' }) }]);
    expect((await ended('bob')).content).toContain('done /open/ben');
    expect(vault.times('/open/ben')).toBe(1);
  });

  it('may be made by an agent that another one asked, whose own work is not repeated', async () => {
    const locksmith = [{ match: 'please', toolCalls: [{ name: 'open', arguments: { who: 'cat' } }] }, report];
    await apply(
      model('locksmith', locksmith),
      agent('locksmith', { modelRef: { name: 'locksmith' }, tools: [{ type: 'http', name: 'open', ...required() }] }),
      object('Tool', 'ask-locksmith', { type: 'agent', agent: { name: 'locksmith' } }),
    );
    const calls = [
      { name: 'ask-locksmith', arguments: { input: 'please' } },
      { name: 'look', arguments: { who: 'cat' } },
    ];
    const tools = [
      { type: 'agent', name: 'ask-locksmith' },
      { type: 'http', name: 'look' },
    ];
    await ask('cat', [{ match: 'Go.', toolCalls: calls }, report], tools);
    const task = await question('cat');
    expect(JSON.parse(task.status.protocolMetadata.context ?? '')).toMatchObject({ AgentName: 'locksmith' });
    await decide(task, approved);
    expect((await ended('cat')).phase).toBe('done');
    expect([vault.times('/open/cat'), vault.times('/look/cat')]).toEqual([1, 1]);
  });

  it('may be made by a member of a team, which goes on with the others', async () => {
    const opens = [{ match: 'Go.', toolCalls: [{ name: 'open', arguments: { who: 'gil' } }] }, report];
    await apply(
      model('first', [{ answer: 'First.' }]),
      model('opens', opens),
      model('last', [{ answer: 'Last.' }]),
      agent('first', { modelRef: { name: 'first' } }),
      agent('opens', { modelRef: { name: 'opens' }, tools: [{ type: 'http', name: 'open', ...required() }] }),
      agent('last', { modelRef: { name: 'last' } }),
      object('Team', 'crew', {
        strategy: 'sequential',
        members: ['first', 'opens', 'last'].map((name) => ({ type: 'agent', name })),
      }),
      query('gil', { input: 'Go.', target: { type: 'team', name: 'crew' } }),
    );
    await decide(await question('gil'), approved);
    const { phase, raw } = await ended('gil');
    expect(phase).toBe('done');
    expect(raw.filter(({ role }) => role === 'assistant').map(({ name }) => name)).toEqual([
      ...['first', 'opens', 'opens', 'last'],
    ]);
    expect(vault.times('/open/gil')).toBe(1);
  });

  it('pauses members that speak side by side, who are neither counted nor heard twice', async () => {
    const looks = (who: string) => [{ name: 'look', arguments: { who } }];
    const walk = [
      { match: 'Go.', answer: 'Looking around. ', toolCalls: looks('n1') },
      ...[1, 2, 3].map((n) => ({ afterTool: `look/n${n}`, answer: `Seen ${n}. `, toolCalls: looks(`n${n + 1}`) })),
      { afterTool: 'look/n4', answer: 'Nothing there.' },
    ];
    const opens = [{ match: 'Go.', toolCalls: [{ name: 'open', arguments: { who: 'ned' } }] }, report];
    await apply(
      model('opener', opens),
      model('walker', walk),
      agent('opener', { modelRef: { name: 'opener' }, tools: [{ type: 'http', name: 'open', ...required() }] }),
      agent('walker', { modelRef: { name: 'walker' }, tools: [{ type: 'http', name: 'look' }] }),
      object('Team', 'pair', {
        strategy: 'parallel',
        members: ['opener', 'walker'].map((name) => ({ type: 'agent', name })),
      }),
      query('ned', { input: 'Go.', target: { type: 'team', name: 'pair' } }),
    );
    await decide(await question('ned'), approved);
    const { phase, content } = await ended('ned');
    expect({ phase, content }).toMatchObject({ phase: 'done', content: expect.stringContaining('Nothing there.') });
    expect([vault.times('/open/ned'), vault.times('/look/n4')]).toEqual([1, 1]);
    const { tokenUsage } = (await queryOf('ned')).status as { tokenUsage: { totalTokens: number } };
    const figures = await (await fetch(`${runtime.endpoints.http}/metrics`)).text();
    const spent = [...figures.matchAll(/^ark_tokens_total\{.*agent="(?:opener|walker)".*\} (\d+)$/gm)];
    expect(spent.reduce((sum, [, tokens]) => sum + Number(tokens), 0)).toBe(tokenUsage.totalTokens);
    const stream = await (await fetch(`${runtime.endpoints.http}/stream/ned?from-beginning=true`)).text();
    expect(stream).toContain('heard');
    expect(stream).not.toContain('"agent":"walker"');
  });

  it('is asked about on any engine', async () => {
    const calls = [
      { name: 'look', arguments: { who: 'ivy' } },
      { name: 'open', arguments: { who: 'ivy' } },
    ];
    const tools = [
      { type: 'http', name: 'open', ...required() },
      { type: 'http', name: 'look' },
    ];
    await ask('ivy', [{ match: 'Go.', toolCalls: calls }, report], tools, { executionEngine: { name: 'langchain' } });
    await decide(await question('ivy'), approved);
    expect(await ended('ivy')).toMatchObject({ phase: 'done', content: expect.stringContaining('done /open/ivy') });
    expect([vault.times('/look/ivy'), vault.times('/open/ivy')]).toEqual([1, 1]);
  });

  it('is told to readers of the stream', async () => {
    const script = [{ match: 'Go.', answer: 'One moment. ', toolCalls: [{ name: 'open', arguments: { who: 'hal' } }] }];
    await ask('hal', [...script, report], [{ type: 'http', name: 'open', ...required() }]);
    const task = await question('hal');
    const stream = () =>
      fetch(`${runtime.endpoints.http}/stream/hal?from-beginning=true`).then((answer) => answer.text());
    expect(await stream()).toContain('"content":"One');
    expect(await stream()).toContain(`"type":"tool_approval_request","taskId":"${task.spec.taskId}"`);
    await decide(task, approved);
    await ended('hal');
    // What was heard before the pause is not said again.
    expect(await stream()).not.toContain('"content":"One');
  });

  it('is closed when its Query is canceled', async () => {
    const script = [{ match: 'Go.', toolCalls: [{ name: 'open', arguments: { who: 'dan' } }] }, report];
    await ask('dan', script, [{ type: 'http', name: 'open', ...required() }]);
    const task = await question('dan');
    await runtime.kubectlOk(['patch', 'query', 'dan', '--type=merge', '-p', '{"spec":{"cancel":true}}']);
    await eventually(async () => {
      expect((await get<Task>('a2atask', task.metadata.name)).status.phase).toBe('cancelled');
    });
    await decide(task, approved);
    expect((await queryOf('dan')).status?.phase).toBe('canceled');
    expect(vault.times('/open/dan')).toBe(0);
  });

  it('that is refused again and again ends the Query', async () => {
    const again = { name: 'open', arguments: { who: 'eve' } };
    const script = [
      { match: 'Go.', toolCalls: [again] },
      { afterTool: '/./s', toolCalls: [again] },
    ];
    await ask('eve', script, [{ type: 'http', name: 'open', ...required() }]);
    for (let denials = 0; denials < 4; denials++) await decide(await question('eve'), rejected);
    const { phase, content } = await ended('eve');
    expect(phase).toBe('error');
    expect(content).toContain('the approval cascade limit (3) is reached');
    expect((await queryOf('eve')).metadata.annotations).toMatchObject({
      'ark.mckinsey.com/approval-cascade-count': '3',
    });
    expect(vault.times('/open/eve')).toBe(0);
  });

  it('tells whoever waits at the command line that a person is needed', async () => {
    const script = [{ toolCalls: [{ name: 'open', arguments: { who: 'fay' } }] }];
    await apply(
      model('fay', script),
      agent('fay', { modelRef: { name: 'fay' }, tools: [{ type: 'http', name: 'open', ...required() }] }),
    );
    const { code, stderr } = await runtime.ark(['agent', 'fay', 'Go.']);
    expect(code).toBe(4);
    expect(stderr).toContain('wants to call open with {"who":"fay"}');
    const { items } = await get<{ items: Task[] }>('a2atasks');
    const task = items.find(({ spec }) => (spec.agentRef as Spec).name === 'fay') as Task;
    await decide(task, approved);
    await eventually(() => expect(vault.times('/open/fay')).toBe(1));
  });
});
