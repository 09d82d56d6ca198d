import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { outcomeOf } from '../../src/dispatch/answers.js';
import { ForeignEngines } from '../../src/dispatch/foreign-engines.js';
import type { TargetCall } from '../../src/dispatch/target-call.js';
import {
  canceled,
  type Engine,
  type EngineEvent,
  ExecutionEngine,
  type ExecutionRequest,
  noMetrics,
  text,
  timeout,
} from '../../src/kit/index.js';
import { Tracing } from '../../src/machinery/observability/tracing/tracing.js';
import type { Settings } from '../../src/machinery/settings/settings.js';
import type { Query } from '../../src/resources/query/query.resource.js';
import { EngineProcess, rememberingLogger } from '../harness/engine-process.js';
import { eventually } from '../harness/eventually.js';
import { freePort } from '../harness/free-port.js';
import { agent, query } from '../harness/manifests.js';
import { MemoryObjects } from '../harness/memory-objects.js';
import { type A2aCall, ScriptedA2aServer } from '../harness/scripted-a2a-server.js';

const EXTENSION = 'https://github.com/mckinsey/agents-at-scale-ark/tree/main/ark/api/extensions/query/v1';
const TARGET = { type: 'agent' as const, name: 'a' };
const Q = query('q', { input: 'x', target: TARGET });

class Speaker implements Engine {
  async *execute({ userInput }: ExecutionRequest): AsyncIterable<EngineEvent> {
    for (const word of userInput.content.match(/\S+\s*/g) ?? []) yield text(word);
  }
}
ExecutionEngine({ name: 'speaker', description: 'Speaks in words' })(Speaker);

const task = (state: string, said?: string) => ({
  kind: 'task',
  id: 't-1',
  contextId: 'c-1',
  status: {
    state,
    ...(said === undefined
      ? {}
      : { message: { kind: 'message', role: 'agent', messageId: 'm', parts: [{ kind: 'text', text: said }] } }),
  },
});
const legacyCard = (streaming: boolean) => (url: string) => ({
  name: 'old',
  description: '',
  url,
  version: '1',
  protocolVersion: '0.3.0',
  capabilities: { streaming },
});

describe('an engine of another process', () => {
  let foreign: ForeignEngines;
  let heard: string[];
  let abort: AbortController;
  beforeEach(() => {
    foreign = new ForeignEngines(rememberingLogger(), noMetrics, new Tracing(), { kubernetes: 'embedded' } as Settings);
    heard = [];
    abort = new AbortController();
  });
  afterEach(() => foreign.onApplicationShutdown());

  type SentHeaders = Parameters<ForeignEngines['ask']>[3];

  async function ask(address: string, words: string, more: Partial<TargetCall> = {}, sent?: SentHeaders) {
    const call: TargetCall = {
      query: { ...Q, metadata: { ...Q.metadata, uid: 'uid-q' } } as unknown as Query,
      target: TARGET,
      text: words,
      messageId: 'attempt-1',
      conversationId: 'thread',
      signal: abort.signal,
      deadline: new Date(Date.now() + 60_000),
      onText: (piece) => void heard.push(piece),
      ...more,
    };
    return outcomeOf(TARGET, await foreign.ask('other', address, call, sent));
  }

  describe('built on the kit', () => {
    let server: EngineProcess;
    beforeAll(async () => {
      const objects = new MemoryObjects().put(agent('a', {}), Q);
      server = await EngineProcess.listen(objects, new Speaker() as never);
    });
    afterAll(() => server?.close());

    it.each(['/engines/speaker/', '/engines/speaker'])(
      'is asked at %s, and its words arrive as they come',
      async (path) => {
        const outcome = await ask(`${server.url}${path}`, 'one two three');
        expect(outcome).toMatchObject({ phase: 'done', content: 'one two three', conversationId: 'thread' });
        expect(heard.join('')).toBe('one two three');
        expect(heard[0]).toBe('one ');
      },
    );

    it('is asked by many at once without mixing them up', async () => {
      const words = Array.from({ length: 20 }, (_, i) => `number ${i}`);
      const outcomes = await Promise.all(words.map((each) => ask(`${server.url}/engines/speaker/`, each)));
      expect(outcomes.map(({ content }) => content)).toEqual(words);
    });
  });

  describe('that speaks 0.3 without streaming', () => {
    let server: ScriptedA2aServer;
    beforeEach(async () => {
      server = await ScriptedA2aServer.listen(legacyCard(false));
    });
    afterEach(() => server.close());

    it('gets the request of Ark, with nothing of the cluster but the name of the Query', async () => {
      server.onCall = (call) =>
        call.result({ kind: 'message', role: 'agent', messageId: 'r', parts: [{ kind: 'text', text: 'ok' }] });
      expect(await ask(server.url, 'hello')).toMatchObject({ phase: 'done', content: 'ok' });
      const { method, params, headers } = server.calls[0]!;
      expect(method).toBe('message/send');
      expect(params).toEqual({
        configuration: { acceptedOutputModes: [], blocking: true },
        message: {
          kind: 'message',
          role: 'user',
          messageId: 'attempt-1',
          contextId: 'thread',
          parts: [{ kind: 'text', text: 'hello' }],
          extensions: [EXTENSION],
          metadata: { [`${EXTENSION}/ref`]: { name: 'q', namespace: 'default' } },
        },
      });
      expect(headers['x-a2a-extensions']).toBe(EXTENSION);
    });

    it('is followed while its task works, until it has ended', async () => {
      let looks = 0;
      server.onCall = (call) => {
        looks += call.method === 'tasks/get' ? 1 : 0;
        call.result(looks < 3 ? task('working') : task('completed', 'at last'));
      };
      expect(await ask(server.url, 'take your time')).toMatchObject({
        phase: 'done',
        content: 'at last',
        a2a: { taskId: 't-1', contextId: 'c-1' },
      });
      expect(server.methods()).toEqual(['message/send', 'tasks/get', 'tasks/get', 'tasks/get']);
    });

    it('may flip between states, and is heard when it ends', async () => {
      const states = ['working', 'submitted', 'unknown', 'working', 'completed'];
      server.onCall = (call) => call.result(task(states.shift() ?? 'working', 'at last'));
      expect(await ask(server.url, 'x')).toMatchObject({ phase: 'done', content: 'at last' });
      expect(states).toEqual([]);
    });

    it('is forgiven a short absence while it is followed', async () => {
      let looks = 0;
      server.onCall = (call) => {
        looks += call.method === 'tasks/get' ? 1 : 0;
        if (looks === 0) call.result(task('working'));
        else if (looks < 3) call.cut();
        else call.result(task('completed', 'back again'));
      };
      expect((await ask(server.url, 'x')).content).toBe('back again');
    });

    it('is followed although a proxy in front of it knows no way to it for a while', async () => {
      let looks = 0;
      server.onCall = (call) => {
        looks += call.method === 'tasks/get' ? 1 : 0;
        if (looks === 0) call.result(task('working'));
        else if (looks < 3) call.status(404, { 'content-type': 'text/html' }, '<h1>404 Not Found</h1>');
        else call.result(task('completed', 'the way is back'));
      };
      expect((await ask(server.url, 'x')).content).toBe('the way is back');
    });

    it.each<[number, string]>([
      [401, ''],
      [403, ''],
      [404, '{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"no engine here"}}'],
    ])('is told to cancel its task when its door answers %d and nobody waits on', async (status, body) => {
      server.onCall = (call) => {
        if (call.method === 'tasks/get') call.status(status, {}, body);
        else call.result(task(call.method === 'tasks/cancel' ? 'canceled' : 'working'));
      };
      await expect(ask(server.url, 'x')).rejects.toThrow(`engine 'other': unexpected http status ${status}`);
      expect(server.methods()).toEqual(['message/send', 'tasks/get', 'tasks/cancel']);
    });

    it.each([
      ['a cancellation', () => canceled('enough')],
      ['the deadline', () => timeout('context deadline exceeded')],
    ])('is told to cancel its task at %s', async (_, reason) => {
      server.onCall = (call) => {
        if (call.method === 'message/send') call.result(task('working'));
        else if (call.method === 'tasks/cancel') call.result(task('canceled'));
      };
      const asked = ask(server.url, 'x');
      await eventually(() => expect(server.methods()).toContain('tasks/get'));
      abort.abort(reason());
      await expect(asked).rejects.toThrow(reason().message);
      expect(server.calls.at(-1)).toMatchObject({ method: 'tasks/cancel', params: { id: 't-1' } });
    });

    it('is not asked again for a task that an earlier attempt began', async () => {
      server.onCall = (call) => call.result(task('completed', 'kept'));
      expect((await ask(server.url, 'x', { resumeTaskId: 't-1' })).content).toBe('kept');
      expect(server.methods()).toEqual(['tasks/get']);
    });

    it('is asked again when it has forgotten the task, with the same message id', async () => {
      server.onCall = (call) => {
        if (call.method === 'tasks/get') call.error(-32001, 'Task not found');
        else call.result(task('completed', 'anew'));
      };
      expect((await ask(server.url, 'x', { resumeTaskId: 't-0' })).content).toBe('anew');
      expect(server.calls.at(-1)?.params.message).toMatchObject({ messageId: 'attempt-1' });
    });

    it('passes a question of the engine on', async () => {
      server.onCall = (call) => call.result(task('input-required', 'Which one?'));
      expect(await ask(server.url, 'x')).toMatchObject({ phase: 'input-required', content: 'Which one?', raw: '{}' });
    });
  });

  describe('that speaks 0.3 with streaming', () => {
    let server: ScriptedA2aServer;
    beforeEach(async () => {
      server = await ScriptedA2aServer.listen(legacyCard(true));
    });
    afterEach(() => server.close());
    const piece = (words: string, append: boolean) => ({
      kind: 'artifact-update',
      taskId: 't-1',
      contextId: 'c-1',
      artifact: { artifactId: 'answer', parts: [{ kind: 'text', text: words }] },
      append,
      lastChunk: false,
    });
    const begin = (call: A2aCall) => {
      call.event(task('working'));
      call.event(piece('half ', false));
    };

    it('is followed when its stream breaks in the middle, and not asked twice', async () => {
      server.onCall = (call) => {
        if (call.method === 'tasks/get') return call.result(task('completed', 'the whole'));
        begin(call);
        setTimeout(() => call.cut(), 20);
      };
      expect((await ask(server.url, 'x')).content).toBe('the whole');
      expect(heard).toEqual(['half ']);
      expect(server.methods()).toEqual(['message/stream', 'tasks/get']);
    });

    it.each(['its first stream', 'the stream it is followed by'])(
      'is looked at when %s says nothing for long',
      async (which) => {
        let looks = 0;
        server.onCall = (call) => {
          if (call.method === 'tasks/get')
            return call.result(looks++ < 1 ? task('working') : task('completed', 'found'));
          begin(call);
          if (call.method === 'message/stream' && which !== 'its first stream') setTimeout(() => call.cut(), 20);
        };
        expect((await ask(server.url, 'x', { silenceMs: 50 } as Partial<TargetCall>)).content).toBe('found');
        expect(server.methods().filter((method) => method === 'message/stream')).toHaveLength(1);
      },
    );

    it('is an error that says so when it answers a stream with something else', async () => {
      server.onCall = (call) => call.result(task('completed', 'in one piece'));
      await expect(ask(server.url, 'x')).rejects.toThrow(/^engine 'other'.*(content-type|text\/event-stream)/i);
      expect(server.methods()).toEqual(['message/stream']);
    });

    it('is an error when its stream ends without a word', async () => {
      server.onCall = (call) => {
        call.event({ kind: 'status-update', taskId: '', contextId: '', status: { state: 'working' }, final: false });
        call.cut();
      };
      await expect(ask(server.url, 'x')).rejects.toMatchObject({ family: 'Unavailable' });
    });

    it('is asked without streaming when it has none after all', async () => {
      server.onCall = (call) => {
        if (call.method === 'message/stream') call.error(-32004, 'no streams here');
        else call.result(task('completed', 'in one piece'));
      };
      expect((await ask(server.url, 'x')).content).toBe('in one piece');
    });
  });

  it('without any card is spoken to as Ark speaks to engines', async () => {
    const server = await ScriptedA2aServer.listen(() => undefined);
    server.onCall = (call) => call.result(task('completed', 'understood'));
    expect((await ask(server.url, 'x')).content).toBe('understood');
    expect(server.methods()).toEqual(['message/send']);
    await server.close();
  });

  it('shows its card to each of those who send other credentials, and is called with theirs', async () => {
    let shown = 0;
    const server = await ScriptedA2aServer.listen((url) => {
      shown += 1;
      return legacyCard(false)(url);
    });
    server.onCall = (call) => call.result(task('completed', 'understood'));
    for (const authorization of ['one', 'two', 'one']) {
      await ask(server.url, 'x', {}, { headers: { authorization }, secrets: [] });
    }
    expect(server.calls.map(({ headers }) => headers.authorization)).toEqual(['one', 'two', 'one']);
    expect(shown).toBe(2);
    await server.close();
  });

  it('at an address where nobody listens is a clear error', async () => {
    const port = await freePort();
    await expect(ask(`http://127.0.0.1:${port}`, 'x')).rejects.toThrow(
      `engine 'other' at 127.0.0.1:${port}: connection failed: connect ECONNREFUSED`,
    );
  });

  it.each([
    ['is no URL', 'somewhere', /its address "somewhere" is not a URL/],
    ['is a metadata service', 'http://169.254.169.254/latest', /link-local address/],
  ])('at an address that %s is a clear error', async (_, address, message) => {
    await expect(ask(address, 'x')).rejects.toThrow(message);
  });
});
