import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { freePort } from '../harness/free-port.js';
import { agent, resource, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';
import { team } from '../harness/team-manifests.js';
import { TELLING, WaitingSpeakers } from '../harness/waiting-speakers.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

/** What comes over the wire; expectations say what it must be. */
type Json = Record<string, ReturnType<typeof JSON.parse>>;

const SKILLS = JSON.stringify([{ name: 'Routing', description: 'Finds train routes', tags: ['travel'] }]);

describeWithKubectl('the gateway', () => {
  let runtime: Runtime;
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    runtime = await Runtime.start({ env: { ARK_GATEWAY_PORT: String(port) } });
    const planner = agent('planner', { description: 'Plans trips', executionEngine: { name: 'echo' } });
    const slow = { executionEngine: { name: 'echo', options: { delayMs: 200 } } };
    const described = {
      ...planner,
      metadata: { ...planner.metadata, annotations: { 'a2a.mckinsey.com/skills': SKILLS } },
    };
    await runtime.kubectlOk(['apply', '-f', '-'], yaml(described, agent('slow', slow)));
    await runtime.kubectlOk(['create', 'namespace', 'south']);
    await runtime.kubectlOk(['apply', '-f', '-'], yaml(agent('pole', { executionEngine: { name: 'echo' } }, 'south')));
  });
  afterAll(() => runtime?.dispose());

  const url = (path: string) => `${runtime.endpoints.http}${path}`;
  const get = async (path: string, headers: Record<string, string> = {}) =>
    (await (await fetch(url(path), { headers })).json()) as Json;
  const post = (path: string, body: Json) =>
    fetch(url(path), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const rpc = async (path: string, method: string, params: Json) =>
    (await (await post(path, { jsonrpc: '2.0', id: 1, method, params })).json()) as Json;
  const say = (text: string, more: Json = {}) => ({
    message: { kind: 'message', role: 'user', messageId: 'm1', parts: [{ kind: 'text', text }], ...more },
  });

  async function* asTheyCome(response: Response): AsyncGenerator<Json> {
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    let rest = '';
    for await (const text of response.body!.pipeThrough(new TextDecoderStream() as never) as AsyncIterable<string>) {
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) if (block.startsWith('data: ')) yield JSON.parse(block.slice(6)) as Json;
    }
  }
  async function events(response: Response): Promise<Json[]> {
    const all: Json[] = [];
    for await (const event of asTheyCome(response)) all.push(event);
    return all;
  }

  it('lists the agents of its namespace, and those of another', async () => {
    const planner = ((await get('/a2a/agents')) as Json[]).find(({ name }) => name === 'planner');
    expect(planner).toMatchObject({ name: 'planner', description: 'Plans trips', capabilities: ['Routing'] });
    expect(planner!['agent-card']).toBe(url('/a2a/agent/planner/.well-known/agent.json'));
    expect((await get('/ns/south/agents')).map(({ name }: Json) => name)).toEqual(['pole']);
  });

  it('serves teams as it serves agents, under every name it has for them; an agent of the same name comes first', async () => {
    await runtime.kubectlOk(
      ['apply', '-f', '-'],
      yaml(
        team('crew', 'sequential', ['planner']),
        team('pair', 'sequential', ['planner']),
        agent('pair', { description: 'Is one', executionEngine: { name: 'echo' } }),
      ),
    );
    const card = await get('/agent/crew/.well-known/agent-card.json');
    expect(card).toMatchObject({ name: 'crew', url: url('/agent/crew/') });
    expect(((await get('/agents')) as Json[]).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['crew', 'pair']),
    );
    for (const path of ['/agent/crew/', '/a2a/agent/crew/', '/ns/default/agent/crew/']) {
      const answer = await rpc(path, 'message/send', say(`by ${path}`));
      expect(answer).toMatchObject({ result: { kind: 'message', parts: [{ text: `by ${path}` }] } });
    }
    expect(await get('/agent/pair/.well-known/agent-card.json')).toMatchObject({ description: 'Is one' });
  });

  it('is one entry point under the names that a local cluster has for its parts', async () => {
    const at = async (name: string, path: string) => {
      const host = `${name}.127.0.0.1.nip.io:${new URL(runtime.endpoints.http).port}`;
      const { statusCode, body } = await request(url(path), { headers: { host } });
      return { host, statusCode, body: (await body.json()) as Json };
    };
    const { host, body: card } = await at('gateway', '/agent/planner/.well-known/agent-card.json');
    expect(card.url).toBe(`http://${host}/agent/planner/`);
    expect(await at('api', '/messages')).toMatchObject({ statusCode: 200, body: { items: expect.any(Array) } });
    const lacking = { statusCode: 404, body: { detail: expect.stringContaining('Set ARK_DASHBOARD to the folder') } };
    expect(await at('dashboard', '/agents')).toMatchObject(lacking);
  });

  it('shows a card for both generations, with the address the client called', async () => {
    const card = await get('/agent/planner/.well-known/agent-card.json');
    expect(card).toMatchObject({
      name: 'planner',
      url: url('/agent/planner/'),
      protocolVersion: '0.3.0',
      skills: [{ id: 'planner-skill-0', name: 'Routing' }],
    });
    expect(await get('/agent/planner/.well-known/agent.json')).toEqual(card);
    const proxied = {
      'x-forwarded-host': 'agents.example.com',
      'x-forwarded-proto': 'https',
      'x-forwarded-prefix': '/ark/',
    };
    const behind = await get('/ns/south/agent/pole/.well-known/agent-card.json', proxied);
    expect(behind.url).toBe('https://agents.example.com/ark/ns/south/agent/pole/');
  });

  it('answers a message of protocol 0.3, whose task can be read later', async () => {
    const { result } = await rpc('/agent/planner/execute', 'message/send', say('Oslo to Rome', { contextId: 'trip' }));
    expect(result).toMatchObject({
      kind: 'message',
      role: 'agent',
      contextId: 'trip',
      parts: [{ text: 'Oslo to Rome' }],
    });
    const { result: task } = await rpc('/agent/planner/', 'tasks/get', { id: result.taskId });
    expect(task).toMatchObject({ status: { state: 'completed' }, artifacts: [{ parts: [{ text: 'Oslo to Rome' }] }] });
    expect(task.history.map(({ messageId, role }: Json) => [role, messageId])[0]).toEqual(['user', 'm1']);
    const spec = await runtime.kubectlOk([
      'get',
      'query',
      result.taskId,
      '-o',
      'jsonpath={.spec.target.name} {.spec.conversationId}',
    ]);
    expect(spec).toBe('planner trip');
    expect((await rpc('/agent/slow/', 'tasks/get', { id: result.taskId })).error.code).toBe(-32001);
  });

  it('streams the words as they are said, in protocol 1.0 over HTTP', async () => {
    const body = { message: { role: 'ROLE_USER', messageId: 'm2', parts: [{ text: 'one two three' }] } };
    const heard = await events(await post('/agent/slow/message:stream', body));
    expect(heard[0]).toHaveProperty('task');
    const pieces = heard.flatMap(({ artifactUpdate }) => artifactUpdate?.artifact.parts ?? []);
    expect(pieces.map(({ text }: Json) => text)).toEqual(['one ', 'two ', 'three', '']);
    expect(heard.at(-1)).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_COMPLETED' } } });
  });

  describe('with agents that say a second word only when their reader has heard the first', () => {
    let speakers: WaitingSpeakers;
    beforeAll(async () => {
      speakers = await WaitingSpeakers.listen();
      const config = { openai: { baseUrl: { value: speakers.model.url }, apiKey: { value: 'none' } } };
      await runtime.kubectlOk(
        ['apply', '-f', '-'],
        yaml(
          resource('Model', 'waiting', { provider: 'openai', model: { value: 'echo' }, config }),
          agent('near-teller', { prompt: 'You tell.', modelRef: { name: 'waiting' } }),
          resource('A2AServer', 'waiting', { address: { value: speakers.far.url } }, 'v1prealpha1'),
        ),
      );
      await runtime.kubectlOk(['wait', '--for=condition=Ready', 'a2aserver/waiting', '--timeout=60s']);
      const both = ['agent/near-teller', 'agent/far-teller'];
      await runtime.kubectlOk(['wait', '--for=condition=Available', ...both, '--timeout=60s']);
    });
    beforeEach(() => speakers.again());
    afterAll(() => speakers?.close());

    const message = { role: 'ROLE_USER', messageId: 'm4', parts: [{ text: 'one two' }] };
    const ask: Record<string, (name: string) => Promise<Response>> = {
      '0.3': (name) =>
        post(`/agent/${name}/`, { jsonrpc: '2.0', id: 1, method: 'message/stream', params: say('one two') }),
      '1.0': (name) => post(`/agent/${name}/message:stream`, { message }),
    };
    it.each([
      ['a model', '0.3', 'near-teller'],
      ['a model', '1.0', 'near-teller'],
      ['another server', '0.3', 'far-teller'],
      ['another server', '1.0', 'far-teller'],
    ])('passes on what the one on %s says word by word, in protocol %s', async (_where, version, name) => {
      let said = '';
      for await (const { result, artifactUpdate } of asTheyCome(await ask[version]!(name))) {
        const { artifact } = artifactUpdate ?? result ?? {};
        said += (artifact?.parts ?? []).map(({ text }: Json) => text).join('');
        if (said.startsWith('ONE')) speakers.heard();
      }
      expect(said).toBe('ONE TWO');
    });

    it('shows the skills that the one on another server has on its card there', async () => {
      const card = await get('/agent/far-teller/.well-known/agent-card.json');
      expect(card.skills).toEqual([TELLING]);
    });
  });

  it('cancels a task together with its Query, and follows it for whoever comes later', async () => {
    const configuration = { returnImmediately: true };
    const long = {
      message: { role: 'ROLE_USER', messageId: 'm3', parts: [{ text: 'word '.repeat(200) }] },
      configuration,
    };
    const { task } = (await (await post('/agent/slow/message:send', long)).json()) as Json;
    const following = events(await post(`/agent/slow/tasks/${task.id}:subscribe`, {}));
    const { result } = await rpc('/agent/slow/', 'tasks/cancel', { id: task.id });
    expect(result.status.state).toBe('canceled');
    expect((await following).at(-1)).toMatchObject({ statusUpdate: { status: { state: 'TASK_STATE_CANCELED' } } });
    expect((await rpc('/agent/slow/', 'tasks/cancel', { id: task.id })).error.code).toBe(-32002);
    expect(await runtime.kubectlOk(['get', 'query', task.id, '-o', 'jsonpath={.status.phase}'])).toBe('canceled');
  });

  it('keeps its tasks over a restart, and lists them by conversation', async () => {
    await rpc('/agent/planner/', 'message/send', say('Bergen', { contextId: 'fjords' }));
    await runtime.kill();
    await runtime.boot();
    const { tasks, totalSize } = await get('/agent/planner/tasks?contextId=fjords&includeArtifacts=true');
    expect(totalSize).toBe(1);
    expect(tasks[0]).toMatchObject({ artifacts: [{ parts: [{ text: 'Bergen' }] }] });
  });

  it('has a door of its own, when it is told so, that leads to agents only', async () => {
    const door = `http://127.0.0.1:${port}`;
    const at = async (path: string) => (await fetch(`${door}${path}`)).status;
    expect(await (await fetch(`${door}/health`)).json()).toEqual({ status: 'healthy', service: 'a2agw' });
    const card = (await (await fetch(`${door}/agent/planner/.well-known/agent-card.json`)).json()) as Json;
    expect(card.url).toBe(`${door}/agent/planner/`);
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'message/send', params: say('through here') });
    const headers = { 'content-type': 'application/json' };
    const { result } = (await (await fetch(card.url, { method: 'POST', headers, body })).json()) as Json;
    expect(result.parts[0].text).toBe('through here');
    expect(await Promise.all(['/agents', '/a2a/agents', '/ns/south/agents'].map(at))).toEqual([200, 200, 200]);
    const closed = ['/engines', '/messages', '/metrics', '/readyz', '/', '/agent/../engines', '/%61gents'];
    expect(await Promise.all(closed.map(at))).toEqual(closed.map(() => 404));
  });

  it('refuses what it cannot do, with the code of the protocol', async () => {
    const unknown = await post('/agent/nobody/', { jsonrpc: '2.0', id: 7, method: 'message/send', params: say('x') });
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { id: 7, error: { code: -32602 } }]);
    const code = async (method: string, params: Json) => (await rpc('/agent/planner/', method, params)).error.code;
    expect(await code('message/send', say('x', { messageId: undefined }))).toBe(-32602);
    expect(await code('message/send', say('x', { parts: [] }))).toBe(-32602);
    expect(await code('message/send', { ...say('x'), configuration: { acceptedOutputModes: ['image/png'] } })).toBe(
      -32005,
    );
    expect(await code('message/send', say('x', { taskId: 'none' }))).toBe(-32001);
    expect(await code('message/explode', {})).toBe(-32601);
  });
});
