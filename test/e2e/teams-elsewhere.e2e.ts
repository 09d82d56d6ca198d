import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Ark03Engine } from '../harness/ark-0-3-engine.js';
import { eventually } from '../harness/eventually.js';
import { freePort } from '../harness/free-port.js';
import { agent, executionEngine, query, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';
import { ark, scripted, speaker, team } from '../harness/team-manifests.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

type Spec = Record<string, unknown>;

interface Facts {
  conversationId: string;
  tokenUsage: { total_tokens: number };
  messages: { name: string }[];
}

const REF = 'https://github.com/mckinsey/agents-at-scale-ark/tree/main/ark/api/extensions/query/v1/ref';

describeWithKubectl('teams and engines outside this process', () => {
  let runtime: Runtime;
  let engine: Ark03Engine;
  beforeAll(async () => {
    [runtime, engine] = await Promise.all([Runtime.start(), Ark03Engine.listen()]);
    await apply(
      ...speaker('ant', 'Ants.'),
      executionEngine('python-like', { value: engine.url }),
      agent('snake', { executionEngine: { name: 'python-like' } }),
      agent('stranger', { executionEngine: { name: 'echo' } }),
      agent('echo', { executionEngine: { name: 'echo' } }),
      team('zoo', 'sequential', ['ant', 'snake', 'echo']),
    );
    await runtime.kubectlOk(['wait', 'agent/snake', '--for=condition=Available', '--timeout=60s']);
  });
  afterAll(async () => {
    await engine?.close();
    await runtime?.dispose();
  });
  beforeEach(() => {
    engine.requests.length = 0;
    engine.behaviour = 'answer';
  });

  const apply = (...objects: Spec[]) => runtime.kubectlOk(['apply', '-f', '-'], yaml(...objects));
  async function ask(name: string, target: Spec, more: Spec = {}, namespace = 'default') {
    await apply(query(name, { input: 'Go', target, ...more }, namespace));
    const flags = ['--for=condition=Completed', '--timeout=60s', '-n', namespace];
    await runtime.kubectlOk(['wait', `query/${name}`, ...flags]);
    return JSON.parse(await runtime.kubectlOk(['get', 'query', name, '-n', namespace, '-o', 'json'])).status;
  }
  const toZoo = { type: 'team', name: 'zoo' };

  describe('a member on a foreign engine', () => {
    it('is told what the others said, whom to act for, and its own conversation', async () => {
      const status = await ask('zoo-1', toZoo, { conversationId: 'c-1' });
      expect(status).toMatchObject({ phase: 'done', response: { content: 'Go' } });
      expect(JSON.parse(status.response.raw)).toEqual([
        { role: 'assistant', name: 'ant', content: 'Ants.' },
        { role: 'assistant', name: 'snake', content: 'python says # ant:\nAnts.\n\nGo' },
        { role: 'assistant', name: 'echo', content: 'Go' },
      ]);
      const { message, configuration } = engine.requests[0]!.body.params;
      expect(configuration?.blocking).toBe(true);
      expect(message.contextId).toBe('c-1');
      expect(message.metadata[REF]).toEqual({
        name: 'zoo-1',
        namespace: 'default',
        target: { type: 'agent', name: 'snake' },
        conversationId: createHash('sha256').update('default\0c-1\0snake').digest('hex').slice(0, 32),
      });
    });

    it('has the same conversation in every Query of a thread, and another in another', async () => {
      const threads = [];
      for (const [name, conversationId] of [
        ['zoo-2', 'c-2'],
        ['zoo-3', 'c-2'],
        ['zoo-4', 'c-4'],
      ] as const) {
        await ask(name, toZoo, { conversationId });
        const ref = engine.requests.at(-1)!.body.params.message.metadata[REF] as { conversationId: string };
        threads.push(ref.conversationId);
      }
      expect(threads[0]).toBe(threads[1]);
      expect(threads[2]).not.toBe(threads[1]);
    });

    it('that fails is named with its engine and its turn', async () => {
      engine.behaviour = 'rpc-error';
      const { phase, response } = await ask('zoo-5', toZoo);
      expect(phase).toBe('error');
      expect(response.content).toMatch(
        /^team 'default\/zoo', turn 2: agent 'snake' failed: engine 'python-like': .*no quota/,
      );
    });

    it('is told to stop when nobody waits any more', async () => {
      engine.behaviour = 'silence';
      const { phase } = await ask('zoo-6', toZoo, { timeout: '500ms' });
      expect(phase).toBe('error');
    });
  });

  describe('an engine that asks back', () => {
    const status = async (name: string) =>
      JSON.parse(await runtime.kubectlOk(['get', 'query', name, '-o', 'json'])).status;
    const waitsWith = (name: string, content: string) =>
      eventually(async () =>
        expect(await status(name)).toMatchObject({ phase: 'input-required', response: { content } }),
      );
    const answered = async (name: string, ...words: string[]) =>
      expect(await runtime.ark(['answer', name, ...words])).toMatchObject({ code: 0 });
    const said = () =>
      engine.requests.map(({ body }) => ({
        taskId: body.params.message.taskId,
        text: body.params.message.parts[0]?.text,
      }));
    const done = (name: string) =>
      runtime.kubectlOk(['wait', `query/${name}`, '--for=condition=Completed', '--timeout=20s']);
    const tasksOf = async (name: string) =>
      JSON.parse(
        await runtime.kubectlOk(['get', 'a2atasks', '-l', `ark.mckinsey.com/query-name=${name}`, '-o', 'json']),
      ).items;
    beforeEach(() => {
      engine.behaviour = 'asks';
    });

    it('as a member makes the team wait, and goes on with each answer; nobody does anything twice', async () => {
      await apply(query('trip', { input: 'Go', target: toZoo }));
      await waitsWith('trip', "agent 'default/snake' asks: Where to?");
      await answered('trip', 'To', 'Oslo');
      await waitsWith('trip', "agent 'default/snake' asks: When?");
      await answered('trip', 'Today');
      await done('trip');
      const { phase, response, tokenUsage } = await status('trip');
      expect(phase).toBe('done');
      expect(JSON.parse(response.raw)).toEqual([
        { role: 'assistant', name: 'ant', content: 'Ants.' },
        { role: 'assistant', name: 'snake', content: 'booked To Oslo, Today' },
        { role: 'assistant', name: 'echo', content: 'Go' },
      ]);
      expect(tokenUsage.totalTokens).toBe(11);
      const taskId = expect.stringMatching(/^task-of-/);
      expect(said()).toEqual([{ text: '# ant:\nAnts.\n\nGo' }, { taskId, text: 'To Oslo' }, { taskId, text: 'Today' }]);
      await eventually(async () => {
        const [task, ...others] = await tasksOf('trip');
        expect(others).toEqual([]);
        expect(task).toMatchObject({ status: { phase: 'completed' } });
        expect(task.status.history.map(({ parts }: { parts: { text: string }[] }) => parts[0]?.text)).toEqual([
          "agent 'default/snake' asks: Where to?",
          "agent 'default/snake' asks: When?",
        ]);
      });
    });

    it('beside others that ask back is asked about after them, and everybody goes on', async () => {
      await apply(
        agent('cobra', { executionEngine: { name: 'python-like' } }),
        team('pair', 'parallel', ['snake', 'ant', 'cobra']),
        query('both', { input: 'Go', target: { type: 'team', name: 'pair' } }),
      );
      const asked = new Set<string>();
      for (let answers = 0; answers < 4; answers++) {
        const before = [...asked];
        await eventually(async () => {
          const { phase, response, claim } = await status('both');
          expect(phase).toBe('input-required');
          expect(before).not.toContain(`${claim.attempt}`);
          asked.add(`${claim.attempt}`);
          expect(response.content).toMatch(/asks: (Where to|When)\?$/);
        });
        await answered('both', `answer-${answers}`);
      }
      await done('both');
      const { phase, response } = await status('both');
      expect(phase).toBe('done');
      expect(JSON.parse(response.raw).map(({ name }: { name: string }) => name)).toEqual(
        expect.arrayContaining(['snake', 'ant', 'cobra']),
      );
      expect(said().filter(({ taskId }) => taskId === undefined)).toHaveLength(2);
      expect(said()).toHaveLength(6);
    });

    it('is heard through the tool of an agent too', async () => {
      await apply(
        ark('Tool', 'book', { type: 'agent', agent: { name: 'snake' } }),
        scripted(
          'clerk',
          {
            toolCalls: [{ name: 'book', arguments: { input: 'A trip' } }],
            usage: { promptTokens: 3, completionTokens: 1 },
          },
          { afterTool: '/./s', answer: 'It says: {result}' },
        ),
        agent('clerk', { modelRef: { name: 'clerk' }, tools: [{ type: 'agent', name: 'book' }] }),
        query('booking', { input: 'Book', target: { type: 'agent', name: 'clerk' } }),
      );
      await waitsWith('booking', "agent 'default/snake' asks: Where to?");
      await answered('booking', 'Rome');
      await waitsWith('booking', "agent 'default/snake' asks: When?");
      await answered('booking', 'Now');
      await done('booking');
      const { response } = await status('booking');
      expect(response.content).toMatch(/\nbooked Rome, Now\n/);
      expect(said()).toHaveLength(3);
    });

    it('goes on as the target of a Query too, also when the process died meanwhile', async () => {
      await apply(query('alone', { input: 'A trip', target: { type: 'agent', name: 'snake' } }));
      await waitsWith('alone', 'Where to?');
      await runtime.kill();
      await runtime.boot();
      await answered('alone', 'Paris');
      await waitsWith('alone', 'When?');
      await answered('alone', 'Soon');
      await done('alone');
      expect((await status('alone')).response.content).toBe('booked Paris, Soon');
      expect(said()).toHaveLength(3);
    });

    it('is let go with its Query', async () => {
      await apply(query('never', { input: 'Go', target: toZoo }));
      await waitsWith('never', "agent 'default/snake' asks: Where to?");
      await runtime.kubectlOk(['patch', 'query', 'never', '--type=merge', '-p', '{"spec":{"cancel":true}}']);
      await eventually(async () => expect((await tasksOf('never'))[0].status.phase).toBe('cancelled'));
    });
  });

  it('an agent may ask one on a foreign engine through a tool', async () => {
    await apply(
      ark('Tool', 'ask-snake', { type: 'agent', agent: { name: 'snake' } }),
      scripted(
        'keeper',
        { toolCalls: [{ name: 'ask-snake', arguments: { input: 'Hungry?' } }] },
        { afterTool: '/./s', answer: 'It says: {result}' },
      ),
      agent('keeper', { modelRef: { name: 'keeper' }, tools: [{ type: 'agent', name: 'ask-snake' }] }),
    );
    const { phase, response } = await ask('feeding', { type: 'agent', name: 'keeper' });
    expect(phase).toBe('done');
    expect(response.content).toMatch(/\npython says Hungry\?\n/);
    expect(engine.requests[0]?.body.params.message.metadata[REF]).toMatchObject({
      target: { type: 'agent', name: 'snake' },
    });
  });

  it('a chooser on a foreign engine chooses in words', async () => {
    await apply(
      agent('owl', { executionEngine: { name: 'python-like' } }),
      team('wise', 'selector', ['echo'], { maxTurns: 1, selector: { agent: 'owl' } }),
    );
    // It says again what it was told, in which the only name stands.
    const { phase } = await ask('wise', { type: 'team', name: 'wise' });
    expect(phase).toBe('done');
    const [part] = engine.requests[0]!.body.params.message.parts;
    expect(part?.text).toMatch(/reply with the name alone[\s\S]*Who speaks next\?$/);
  });

  it('an ark-completions of the namespace runs asked agents that name no engine', async () => {
    await runtime.kubectlOk(['create', 'namespace', 'own']);
    const asks = [
      { toolCalls: [{ name: 'ask-plain', arguments: { input: 'Who runs you?' } }] },
      { afterTool: '/./s', answer: '{result}' },
    ];
    const own = { metadata: { namespace: 'own' } };
    const inOwn = (object: { metadata: Spec }) => ({ ...object, metadata: { ...object.metadata, ...own.metadata } });
    const tools = [{ type: 'agent', name: 'ask-plain' }];
    await apply(
      ...[scripted('m', ...asks), ark('Tool', 'ask-plain', { type: 'agent', agent: { name: 'plain' } })].map(inOwn),
      agent('plain', { modelRef: { name: 'm' } }, 'own'),
      agent('boss', { modelRef: { name: 'm' }, executionEngine: { name: 'completions' }, tools }, 'own'),
      executionEngine('ark-completions', { value: engine.url }, 'own'),
    );
    const ready = ['--for=jsonpath={.status.phase}=ready', '--timeout=60s', '-n', 'own'];
    await runtime.kubectlOk(['wait', 'executionengine/ark-completions', ...ready]);
    const { response } = await ask('who', { type: 'agent', name: 'boss' }, {}, 'own');
    expect(response.content).toMatch(/\npython says Who runs you\?\n/);
  });

  describe('a standalone engine', () => {
    let standalone: ChildProcess;
    beforeAll(async () => {
      const port = await freePort();
      const env = { ...process.env, KUBECONFIG: runtime.kubeconfig, PORT: String(port) };
      standalone = spawn(process.execPath, ['dist/examples/standalone-engine/main.js'], { env, stdio: 'ignore' });
      await eventually(async () => expect((await fetch(`http://127.0.0.1:${port}/health`)).ok).toBe(true));
      await apply(
        executionEngine('greeter', { value: `http://127.0.0.1:${port}` }),
        agent('butler', { prompt: 'Be polite.', executionEngine: { name: 'greeter' } }),
        team('house', 'sequential', ['ant', 'butler']),
      );
      await runtime.kubectlOk(['wait', 'team/house', '--for=condition=Available', '--timeout=60s']);
    });
    afterAll(async () => {
      if (standalone.exitCode !== null) return;
      const ended = once(standalone, 'exit');
      standalone.kill('SIGTERM');
      await ended;
    });

    it('acts for the member that it is told, with the prompt of that agent', async () => {
      const { phase, response } = await ask('house-1', { type: 'team', name: 'house' });
      expect({ phase, content: response.content }).toEqual({
        phase: 'done',
        content: 'I am butler. My instructions: Be polite. You said: # ant:\nAnts.\n\nGo',
      });
    });
  });

  describe('over A2A', () => {
    const send = async (path: string, ref: Spec, text = 'Hello') => {
      const parts = [{ kind: 'text', text }];
      const message = { kind: 'message', role: 'user', messageId: 'm', parts, metadata: { [REF]: ref } };
      const response = await fetch(`${runtime.endpoints.http}/engines/${path}/`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'message/send', params: { message } }),
      });
      return (await response.json()) as {
        result: { parts: { text: string }[]; metadata: Record<string, Facts> };
        error?: { message: string };
      };
    };
    const target = (name: string) => ({ type: 'agent', name });
    beforeAll(() => apply(query('held', { input: 'Go', target: toZoo, cancel: true })));
    const held = { name: 'held', namespace: 'default' };

    it('a team answers like an agent, with everybody in its messages', async () => {
      const { result } = await send('completions', held);
      expect(result.parts[0]?.text).toBe('Hello');
      const { messages, tokenUsage } = result.metadata[REF]!;
      expect(messages.map(({ name }) => name)).toEqual(['ant', 'snake', 'echo']);
      expect(tokenUsage).toMatchObject({ total_tokens: 11 });
    });

    it('an engine acts for a member that it is told, in that member’s conversation', async () => {
      const { result } = await send('echo', { ...held, target: target('echo'), conversationId: 'ab12' }, 'To you');
      expect(result.parts[0]?.text).toBe('To you');
      expect(result.metadata[REF]?.conversationId).toBe('ab12');
    });

    it('an engine acts for nobody whom the Query does not lead to', async () => {
      const { error } = await send('echo', { ...held, target: target('stranger') });
      expect(error?.message).toMatch(/no target agent\/stranger, and none of its targets leads there/);
      const wrong = await send('echo', { ...held, target: { type: 'model', name: 'ant' } });
      expect(wrong.error?.message).toMatch(/no target model\/ant/);
      const odd = await send('echo', { ...held, target: target('echo'), conversationId: 7 });
      expect(odd.error?.message).toMatch(/conversationId must be a text/);
    });
  });

  it('the live stream says who speaks, in order, and why a team ended', async () => {
    await apply(team('ring', 'sequential', ['ant', 'snake'], { loops: true, maxTurns: 3 }));
    await ask('ring', { type: 'team', name: 'ring' });
    const text = await (await fetch(`${runtime.endpoints.http}/stream/ring?from-beginning=true`)).text();
    const chunks = [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => JSON.parse(data!));
    const spoken = chunks.filter(({ choices }) => choices?.[0]?.delta.content);
    const order = spoken.map(({ ark: { agent: name } }) => name).filter((name, i, all) => name !== all[i - 1]);
    expect(order).toEqual(['ant', 'snake', 'ant']);
    expect(spoken[0].ark).toMatchObject({ target: 'team/ring', team: 'ring', agent: 'ant' });
    const note = chunks.find(({ id }) => id === 'chatcmpl-system');
    expect(note).toMatchObject({
      choices: null,
      ark: { team: 'ring', systemMessage: expect.stringMatching(/maxTurns is 3/) },
    });
    expect(chunks.at(-1).ark.completedQuery.status.response.target).toEqual({ type: 'team', name: 'ring' });
  });
});
