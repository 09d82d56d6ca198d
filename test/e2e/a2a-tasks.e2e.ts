import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { query, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';
import { type A2aCall, ScriptedA2aServer } from '../harness/scripted-a2a-server.js';
import { speaker, team } from '../harness/team-manifests.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

interface Sent {
  message: { taskId?: string; contextId?: string; parts: { text: string }[] };
}

const card = (url: string) => ({
  name: 'Travel Agent',
  description: 'Books journeys',
  url,
  version: '1',
  protocolVersion: '0.3.0',
  capabilities: {},
  skills: [],
});
const says = (text: string) => ({
  kind: 'message',
  role: 'agent',
  messageId: `said-${text.slice(0, 9)}`,
  parts: [{ kind: 'text', text }],
});
const task = (id: string, state: string, text: string, more: object = {}) => ({
  kind: 'task',
  id,
  contextId: `context-${id}`,
  status: { state, message: says(text) },
  ...more,
});

describeWithKubectl('tasks on A2A servers', () => {
  let server: ScriptedA2aServer;
  let runtime: Runtime;
  const tasks = new Map<string, object>();

  /** Asks for a city, then books it. */
  function serve(call: A2aCall): void {
    const { message } = call.params as unknown as Sent;
    const { id } = call.params as { id: string };
    if (call.method === 'tasks/cancel') tasks.set(id, task(id, 'canceled', 'stopped'));
    if (message) {
      const text = message.parts[0]?.text ?? '';
      const taskId = message.taskId ?? `Trip_${text}`;
      const next = message.taskId
        ? task(taskId, 'completed', `Booked ${text}`)
        : task(taskId, 'input-required', 'Where to?');
      tasks.set(taskId, next);
      call.result(next);
    } else call.result(tasks.get(id));
  }

  const ask = (name: string, input: string, annotations: object = {}, more: object = {}) =>
    runtime.kubectlOk(
      ['apply', '-f', '-'],
      JSON.stringify({
        apiVersion: 'ark.mckinsey.com/v1alpha1',
        kind: 'Query',
        metadata: { name, annotations },
        spec: { input, target: { type: 'agent', name: 'travel-agent' }, ...more },
      }),
    );
  const get = (object: string, path: string) =>
    runtime.kubectlOk(['get', ...object.split(' '), '-o', `jsonpath=${path}`]);
  const phase = (query: string, wanted: string) =>
    eventually(async () => expect(await get(`query ${query}`, '{.status.phase}')).toBe(wanted));

  beforeAll(async () => {
    server = await ScriptedA2aServer.listen(card);
    server.onCall = serve;
    runtime = await Runtime.start();
    const spec = { address: { value: server.url }, headers: [{ name: 'X-Key', value: { value: 'k' } }] };
    const object = {
      apiVersion: 'ark.mckinsey.com/v1prealpha1',
      kind: 'A2AServer',
      metadata: { name: 'travel' },
      spec,
    };
    await runtime.kubectlOk(['apply', '-f', '-'], JSON.stringify(object));
    await runtime.kubectlOk(['wait', '--for=condition=Ready', 'a2aserver/travel', '--timeout=60s']);
    await runtime.kubectlOk(['wait', '--for=condition=Available', 'agent/travel-agent', '--timeout=60s']);
  });
  afterAll(async () => {
    await runtime?.dispose();
    await server?.close();
  });

  it('are asked through Agents whose names follow the rule of their server', async () => {
    const tours = (agentNamePrefix: string) =>
      JSON.stringify({
        apiVersion: 'ark.mckinsey.com/v1prealpha1',
        kind: 'A2AServer',
        metadata: { name: 'tours' },
        spec: { address: { value: server.url }, headers: [], pollInterval: '2s', agentNamePrefix },
      });
    const apply = (prefix: string) => runtime.kubectl(['apply', '-f', '-'], tours(prefix));
    const ready = () => get('a2aserver tours', "{.status.conditions[?(@.type=='Ready')].message}");
    const agents = () => get('agents -l a2a/server=tours', '{.items[*].metadata.name}');
    expect(await apply('sometimes')).toMatchObject({
      stderr: expect.stringContaining('"never", "onConflict", "always"'),
    });
    expect(await apply('never')).toMatchObject({ code: 0 });
    await eventually(async () => {
      expect(await ready()).toBe(
        "Agent 'default/travel-agent' exists, made for A2AServer 'travel', and the card wants its name; " +
          'set spec.agentNamePrefix of this A2AServer to onConflict',
      );
    });
    expect(await agents()).toBe('');
    for (const prefix of ['onConflict', 'always']) {
      await apply(prefix);
      await eventually(async () => expect(await agents()).toBe('tours-travel-agent'));
    }
    expect(await get('agent travel-agent', '{.metadata.ownerReferences[*].name}')).toBe('travel');
    await runtime.kubectlOk(['delete', 'a2aserver', 'tours']);
    await eventually(async () => expect(await agents()).toBe(''));
  });

  it('are listed, shown and answered over REST', async () => {
    const api = `${runtime.endpoints.http}/v1/a2a-tasks`;
    const post = async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${api}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    await ask('cruise', 'one');
    await phase('cruise', 'input-required');
    const { items, count } = (await (await fetch(api)).json()) as {
      items: { name: string; queryRef: { name: string } }[];
      count: number;
    };
    expect(count).toBe(items.length);
    const task = items.find(({ queryRef }) => queryRef.name === 'cruise');
    expect(task).toMatchObject({ namespace: 'default', phase: 'input-required' });
    const wrong = await post(`/${task?.name}/approval`, { decision: 'approved' });
    expect(wrong).toMatchObject({ status: 409, body: { detail: expect.stringContaining('asks for words') } });
    expect((await post(`/${task?.name}/answer`, {})).status).toBe(422);
    expect(await post(`/${task?.name}/answer`, { text: 'To Oslo' })).toMatchObject({ status: 200 });
    await phase('cruise', 'done');
    expect(await get('query cruise', '{.status.response.content}')).toBe('Booked To Oslo');
    expect(await post(`/${task?.name}/answer`, { text: 'x' })).toMatchObject({ status: 409 });
    const shown = (await (await fetch(`${api}/${task?.name}`)).json()) as object;
    expect(shown).toMatchObject({ name: task?.name, taskId: 'Trip_one', status: { phase: 'completed' } });
    expect((await fetch(`${api}/${task?.name}`, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(`${api}/${task?.name}`)).status).toBe(404);
    expect((await fetch(`${api}?namespace=../x`)).status).toBe(422);
  });

  it('that ask something go on when the query is answered', async () => {
    await ask('trip', 'one');
    await phase('trip', 'input-required');
    expect(await get('query trip', '{.status.response.content}')).toBe('Where to?');
    expect(server.calls[0]?.headers).toMatchObject({ 'x-key': 'k' });
    const answered = await runtime.ark(['answer', 'trip', 'To', 'Rome']);
    expect(answered).toMatchObject({ code: 0, stderr: expect.stringContaining('goes on') });
    await phase('trip', 'done');
    expect(await get('query trip', '{.status.response.content}')).toBe('Booked To Rome');
    const record = JSON.parse(await get('a2atasks -l ark.mckinsey.com/query-name=trip', '{.items[0]}')) as {
      metadata: { name: string };
      spec: object;
      status: object;
    };
    expect(record.metadata.name).toMatch(/^a2a-task-trip-one-[0-9a-f]+$/);
    expect(record).toMatchObject({ spec: { taskId: 'Trip_one' }, status: { phase: 'completed' } });
    expect(await runtime.ark(['answer', 'trip', 'again'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('asks nothing'),
    });
  });

  it('that want authentication say so, and where, and go on when the query is answered', async () => {
    server.onCall = (call) => {
      const { message } = call.params as unknown as Sent;
      if (message && !message.taskId) {
        tasks.set('login', task('login', 'auth-required', 'Sign in at https://login.example/device with the code 42'));
        call.result(tasks.get('login'));
      } else serve(call);
    };
    await ask('locked', 'home');
    await phase('locked', 'input-required');
    expect(await get('query locked', '{.status.response.content}')).toBe(
      `Authentication is wanted by A2AServer 'travel' at ${server.url}: ` +
        'Sign in at https://login.example/device with the code 42',
    );
    const record = 'a2atasks -l ark.mckinsey.com/query-name=locked';
    expect(JSON.parse(await get(record, '{.items[0].status}'))).toMatchObject({
      phase: 'auth-required',
      protocolState: 'auth-required',
      conditions: [{ type: 'Completed', status: 'False', reason: 'TaskAuthRequired' }],
    });
    expect(await runtime.ark(['answer', 'locked', 'signed', 'in'])).toMatchObject({ code: 0 });
    await phase('locked', 'done');
    expect(await get('query locked', '{.status.response.content}')).toBe('Booked signed in');
    expect(await get(record, '{.items[0].status.phase}')).toBe('completed');
    server.onCall = serve;
  });

  it('that ask something for a team go on with the answer, and the rest of the team is not asked again', async () => {
    const apply = (...objects: object[]) => runtime.kubectlOk(['apply', '-f', '-'], yaml(...(objects as never[])));
    await apply(
      ...speaker('guide', 'See the sea.'),
      team('journey', 'sequential', ['guide', 'travel-agent', 'guide']),
      query('group', { input: 'group', target: { type: 'team', name: 'journey' } }),
    );
    await phase('group', 'input-required');
    expect(await get('query group', '{.status.response.content}')).toBe("agent 'default/travel-agent' asks: Where to?");
    const before = server.calls.length;
    expect(await runtime.ark(['answer', 'group', 'To', 'Bergen'])).toMatchObject({ code: 0 });
    await phase('group', 'done');
    const { response, tokenUsage } = JSON.parse(await get('query group', '{.status}')) as {
      response: { raw: string };
      tokenUsage: { totalTokens: number };
    };
    expect(JSON.parse(response.raw)).toEqual([
      { role: 'assistant', name: 'guide', content: 'See the sea.' },
      { role: 'assistant', name: 'travel-agent', content: 'Booked To Bergen' },
      { role: 'assistant', name: 'guide', content: 'See the sea.' },
    ]);
    expect(tokenUsage.totalTokens).toBe(22);
    const sent = server.calls.slice(before).filter(({ params }) => 'message' in params);
    expect(sent).toHaveLength(1);
    const records = JSON.parse(
      await runtime.kubectlOk(['get', 'a2atasks', '-l', 'ark.mckinsey.com/query-name=group', '-o', 'json']),
    ) as { items: object[] };
    expect(records.items).toMatchObject([
      {
        spec: { agentRef: { name: 'travel-agent' }, a2aServerRef: { name: 'travel' } },
        status: { phase: 'completed' },
      },
    ]);
  });

  it('that ask something go on with another query of the same conversation, and both have the end', async () => {
    await ask('first', 'two');
    await phase('first', 'input-required');
    const contextId = await get('query first', '{.status.a2a.contextId}');
    await ask('second', 'To Oslo', { 'ark.mckinsey.com/a2a-context-id': contextId });
    await phase('second', 'done');
    expect(await get('query second', '{.status.response.content}')).toBe('Booked To Oslo');
    await phase('first', 'done');
    expect(await get('query first', '{.status.response.content}')).toBe('Booked To Oslo');
  });

  it('end with their query when it is canceled while it waits', async () => {
    await ask('never', 'three');
    await phase('never', 'input-required');
    await runtime.kubectlOk(['patch', 'query', 'never', '--type=merge', '-p', '{"spec":{"cancel":true}}']);
    await phase('never', 'canceled');
    await eventually(() => expect(server.methods()).toContain('tasks/cancel'));
    const record = 'a2atasks -l ark.mckinsey.com/query-name=never';
    await eventually(async () => expect(await get(record, '{.items[0].status.phase}')).toBe('cancelled'));
  });

  it.each<[string, object, string]>([
    ['files and data', { artifacts: [{ artifactId: 'a', parts: [{ kind: 'data', data: { km: 7 } }] }] }, '{"km":7}'],
    ['nothing but a status', {}, 'all done'],
  ])('that end with %s have a readable answer', async (what, more, content) => {
    const name = what.split(' ')[0]!;
    server.onCall = (call) => call.result(task(`end-${name}`, 'completed', 'all done', more));
    await ask(name, name);
    await phase(name, 'done');
    expect(await get(`query ${name}`, '{.status.response.content}')).toBe(content);
    server.onCall = serve;
  });

  it('may be named alike for two queries', async () => {
    server.onCall = (call) => call.result(task('same', 'completed', 'yes'));
    await ask('twin-a', 'a');
    await ask('twin-b', 'b');
    await phase('twin-a', 'done');
    await phase('twin-b', 'done');
    const names = await get('a2atasks', '{range .items[*]}{.metadata.name} {end}');
    expect(names.match(/a2a-task-same\S*/g)).toHaveLength(2);
    server.onCall = serve;
  });

  it('are begun by teams, too', async () => {
    server.onCall = (call) => call.result(says('bon voyage'));
    const member = { type: 'agent', name: 'travel-agent' };
    const team = {
      apiVersion: 'ark.mckinsey.com/v1alpha1',
      kind: 'Team',
      metadata: { name: 'travellers' },
      spec: { strategy: 'sequential', members: [member] },
    };
    await runtime.kubectlOk(['apply', '-f', '-'], JSON.stringify(team));
    const asked = await runtime.ark(['team', 'travellers', 'we leave']);
    expect(asked).toMatchObject({ code: 0, stdout: expect.stringContaining('bon voyage') });
    server.onCall = serve;
  });

  it('are waited for while their server is away, which their record tells', async () => {
    const looks = ['cut', 'refuse', 'go on'];
    server.onCall = (call) => {
      const { message } = call.params as unknown as Sent;
      if (message) return call.result(task('slow', 'working', 'wait'));
      const next = looks.shift();
      if (next === 'cut') call.cut();
      else if (next === 'refuse') call.status(500);
      else call.result(task('slow', next ? 'working' : 'completed', 'back again'));
    };
    await ask('patient', 'p');
    await phase('patient', 'done');
    expect(await get('query patient', '{.status.response.content}')).toBe('back again');
    const selector = '--field-selector=involvedObject.kind=A2ATask,involvedObject.name=a2a-task-slow';
    await eventually(async () =>
      expect(await get(`events ${selector}`, '{range .items[*]}{.type} {.reason} {.count}: {.message};{end}')).toMatch(
        /^Warning TaskPollingFailed 1: A2AServer 'travel'.* failed.*;$/,
      ),
    );
    server.onCall = serve;
  });

  it('end at the limit of their query, which names whom it waited for, and their server is told', async () => {
    server.onCall = (call) => {
      const { message, id } = call.params as unknown as Sent & { id: string };
      if (message) call.result(task('endless', 'working', 'wait'));
      else if (call.method === 'tasks/get') call.status(503, { 'retry-after': '120' });
      else call.result(task(id, 'canceled', 'stopped'));
    };
    const before = server.calls.length;
    await ask('short', 's', {}, { timeout: '10s' });
    await phase('short', 'error');
    expect(await get('query short', '{.status.response.content}')).toMatch(
      /^context deadline exceeded: no answer within 10s \(spec.timeout\); waited for A2AServer 'travel': unexpected http status 503/,
    );
    const record = JSON.parse(
      await get('a2atasks -l ark.mckinsey.com/query-name=short', '{.items[0].status}'),
    ) as object;
    expect(record).toMatchObject({ phase: 'cancelled', protocolState: 'working' });
    const about = server.calls.slice(before).filter(({ params }) => 'message' in params || params.id === 'endless');
    expect(about.map(({ method }) => method)).toEqual(['message/send', 'tasks/get', 'tasks/cancel']);
    server.onCall = serve;
  });

  it('that their server does not know have failed', async () => {
    server.onCall = (call) => (call.method === 'tasks/get' ? call.error(-32001, 'Task not found') : serve(call));
    const metadata = { name: 'by-hand' };
    const spec = {
      ...{ taskId: 'gone', queryRef: { name: 'nobody' } },
      ...{ agentRef: { name: 'travel-agent' }, a2aServerRef: { name: 'travel' } },
    };
    const object = { apiVersion: 'ark.mckinsey.com/v1alpha1', kind: 'A2ATask', metadata, spec };
    await runtime.kubectlOk(['apply', '-f', '-'], JSON.stringify(object));
    await eventually(async () =>
      expect(JSON.parse(await get('a2atask by-hand', '{.status}'))).toMatchObject({
        phase: 'failed',
        error: 'the server does not know the task any more',
        conditions: [{ type: 'Completed', status: 'True', reason: 'TaskFailed' }],
      }),
    );
    server.onCall = serve;
  });

  it('leave a record of a call that failed', async () => {
    server.onCall = (call) => call.error(-32603, 'no seats left');
    await ask('full', 'f');
    await phase('full', 'error');
    const said = "the call to A2AServer 'travel' failed: no seats left";
    expect(await get('query full', '{.status.response.content}')).toBe(said);
    const record = JSON.parse(
      await get('a2atasks -l ark.mckinsey.com/query-name=full', '{.items[0].status}'),
    ) as object;
    const told = async (reason: string) => {
      const selector = `--field-selector=involvedObject.name=full,reason=${reason}`;
      const { items } = JSON.parse(await runtime.kubectlOk(['get', 'events', selector, '-o', 'json'])) as {
        items: { type: string; message: string; metadata: { annotations?: Record<string, string> } }[];
      };
      return items.map(({ type, message, metadata }) => ({
        ...{ type, message },
        data: JSON.parse(metadata.annotations?.['ark.mckinsey.com/event-data'] ?? 'null') as object | null,
      }));
    };
    await eventually(async () => expect(await told('A2AExecutionError')).toHaveLength(1));
    expect(await told('A2AMessageFailed')).toEqual([{ type: 'Warning', message: said, data: null }]);
    expect(await told('A2AExecutionStart')).toMatchObject([
      { type: 'Normal', data: { a2aServer: 'travel', serverAddr: server.url, queryName: 'full' } },
    ]);
    expect(await told('A2AExecutionError')).toMatchObject([{ type: 'Warning', data: { error: said } }]);
    expect(record).toMatchObject({ phase: 'failed', error: said, history: [{ role: 'user', parts: [{ text: 'f' }] }] });
    server.onCall = serve;
  });

  it('may say ten megabytes', async () => {
    server.onCall = (call) => call.result(says('x'.repeat(9 << 20)));
    await ask('huge', 'h');
    await phase('huge', 'done');
    expect(await get('query huge', '{.status.response.content}')).toContain('The answer was cut here');
    expect(await get('a2atasks -l ark.mckinsey.com/query-name=huge', '{.items[0].status.phase}')).toBe('completed');
    server.onCall = serve;
  });
});
