import { type AgentCard, type Message, type Part, type Task, TaskState } from '@a2a-js/sdk';
import {
  type Client,
  ClientFactory,
  ClientFactoryOptions,
  DefaultAgentCardResolver,
  JsonRpcTransportFactory,
  RestTransportFactory,
  type TransportFactory,
} from '@a2a-js/sdk/client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Engine,
  type EngineEvent,
  type ExecutionContext,
  ExecutionEngine,
  type ExecutionRequest,
  text,
  toolCall,
  toolResult,
  unavailable,
  usage,
} from '../../src/kit/index.js';
import { EngineProcess } from '../harness/engine-process.js';
import { eventually } from '../harness/eventually.js';
import { agent, query } from '../harness/manifests.js';
import { MemoryObjects } from '../harness/memory-objects.js';

const EXTENSION = 'https://github.com/mckinsey/agents-at-scale-ark/tree/main/ark/api/extensions/query/v1';
const REF = `${EXTENSION}/ref`;
const USAGE = { promptTokens: 2, completionTokens: 3, totalTokens: 5 };

/** Does what the user's words tell: `fail` (having spent tokens), `bug`, `hang`, `look it up`; else says prompt and words. */
class Puppet implements Engine {
  aborted = 0;
  hung = 0;
  async *execute({ userInput, agent }: ExecutionRequest, { signal }: ExecutionContext): AsyncIterable<EngineEvent> {
    if (userInput.content === 'fail') {
      yield usage(USAGE);
      throw unavailable('the quota is used up');
    }
    if (userInput.content === 'bug') throw new TypeError('secret internals');
    if (userInput.content === 'hang') {
      this.hung += 1;
      signal.addEventListener('abort', () => (this.aborted += 1));
      yield text('started');
      await new Promise(() => {});
    }
    if (userInput.content === 'look it up') {
      const call = { id: 'c', name: 'look', arguments: '{}' };
      yield text('Let me see. ');
      yield toolCall(call);
      yield toolResult(call, { text: '42' });
      yield text('It is 42.');
      return;
    }
    yield text(`${agent.prompt} `);
    yield text(userInput.content);
    yield usage(USAGE);
  }
}
ExecutionEngine({ name: 'puppet', description: 'Does as it is told' })(Puppet);

interface Generation {
  transports: TransportFactory[];
  preferred?: string[];
  legacy?: boolean;
}
const generations: Record<string, Generation> = {
  '1.0 JSON-RPC': { transports: [new JsonRpcTransportFactory()] },
  '1.0 REST': { transports: [new RestTransportFactory()], preferred: ['HTTP+JSON'] },
  '0.3 JSON-RPC': { transports: [new JsonRpcTransportFactory({ legacyCompat: { enabled: true } })], legacy: true },
};

const textOf = (parts: Part[] = []) =>
  parts.map((part) => (part.content?.$case === 'text' ? part.content.value : '')).join('');
const said = (words: string, metadata: object = { [REF]: { name: 'q', namespace: 'default' } }) => ({
  tenant: '',
  message: {
    messageId: `m-${words}`,
    contextId: 'thread',
    taskId: '',
    role: 1,
    parts: [
      { content: { $case: 'text' as const, value: words }, metadata: undefined, filename: '', mediaType: 'text/plain' },
    ],
    metadata: metadata as Record<string, unknown>,
    extensions: [EXTENSION],
    referenceTaskIds: [],
  },
  configuration: undefined,
  metadata: undefined,
});

describe('engines of this process over A2A', () => {
  const puppet = new Puppet();
  let server: EngineProcess;
  let base: string;
  beforeAll(async () => {
    const objects = new MemoryObjects().put(
      agent('a', { prompt: 'Be kind.', executionEngine: { name: 'puppet' } }),
      query('q', { input: 'ignored', target: { type: 'agent', name: 'a' } }),
      query('short', { input: 'hang', timeout: '100ms', target: { type: 'agent', name: 'a' } }),
    );
    server = await EngineProcess.listen(objects, puppet as never);
    base = `${server.url}/engines/puppet/`;
  });
  afterAll(() => server?.close());

  describe.each(Object.keys(generations))('spoken to in %s', (name) => {
    let client: Client;
    beforeAll(async () => {
      const { transports, preferred, legacy } = generations[name]!;
      const cardResolver = new DefaultAgentCardResolver({ legacyCompat: { enabled: legacy === true } });
      const options = { transports, preferredTransports: preferred, cardResolver };
      const factory = new ClientFactory(ClientFactoryOptions.createFrom(ClientFactoryOptions.default, options));
      if (!legacy) client = await factory.createFromUrl(base);
      else {
        // A client of the older generation sees only what that generation knows of the card.
        const { supportedInterfaces: _, ...card } = (await (
          await fetch(`${base}.well-known/agent.json`)
        ).json()) as AgentCard;
        client = await factory.createFromAgentCard(cardResolver.normalizeAgentCard(card));
      }
    });

    it('answers a blocking send with a message that carries the facts of the run', async () => {
      const answer = (await client.sendMessage(said('hello'))) as Message;
      expect(answer.messageId).toBe('m-hello-response');
      expect(textOf(answer.parts)).toBe('Be kind. hello');
      expect(answer.contextId).toBe('thread');
      expect(answer.metadata?.[REF]).toEqual({
        tokenUsage: { prompt_tokens: 2, completion_tokens: 3, total_tokens: 5 },
        // Counted here, and no price is known: nobody else need count it.
        cost: [],
        conversationId: 'thread',
        messages: [{ role: 'assistant', content: 'Be kind. hello' }],
      });
    });

    it('streams the answer as a task with artifact updates', async () => {
      let heard = '';
      const kinds: (string | undefined)[] = [];
      let last: { state?: TaskState; facts?: unknown } = {};
      for await (const { payload } of client.sendMessageStream(said('stream it'))) {
        kinds.push(payload?.$case);
        if (payload?.$case === 'artifactUpdate') heard += textOf(payload.value.artifact?.parts);
        if (payload?.$case === 'statusUpdate')
          last = { state: payload.value.status?.state, facts: payload.value.metadata?.[REF] };
      }
      expect(heard).toBe('Be kind. stream it');
      expect(kinds[0]).toBe('task');
      expect(kinds.at(-1)).toBe('statusUpdate');
      expect(last.state).toBe(TaskState.TASK_STATE_COMPLETED);
      expect(last.facts).toMatchObject({ conversationId: 'thread', tokenUsage: { total_tokens: 5 } });
    });

    it('streams what is said between tool calls, and leaves the answer alone in the end', async () => {
      let heard = '';
      let id = '';
      for await (const { payload } of client.sendMessageStream(said('look it up'))) {
        if (payload?.$case === 'task') id = payload.value.id;
        if (payload?.$case !== 'artifactUpdate') continue;
        heard = (payload.value.append ? heard : `${heard}|`) + textOf(payload.value.artifact?.parts);
      }
      expect(heard).toBe('|Let me see. It is 42.|It is 42.');
      const task = await client.getTask({ tenant: '', id, historyLength: 0 });
      expect(task.artifacts.map(({ parts }) => textOf(parts))).toEqual(['It is 42.']);
    });

    it('cancels a running task, at once, although the engine does not listen', async () => {
      const stream = client.sendMessageStream(said('hang'));
      const first = await stream.next();
      const task = first.value?.payload?.value as Task;
      const canceled = await client.cancelTask({ tenant: '', id: task.id, metadata: {} });
      expect(canceled.status?.state).toBe(TaskState.TASK_STATE_CANCELED);
      for await (const _ of stream);
      expect((await client.getTask({ tenant: '', id: task.id, historyLength: 0 })).status?.state).toBe(
        canceled.status?.state,
      );
    });

    it('says what a failing engine says, and nothing about bugs', async () => {
      await expect(client.sendMessage(said('fail'))).rejects.toThrow('the quota is used up');
      await expect(client.sendMessage(said('bug'))).rejects.toThrow("engine 'puppet' failed with an internal error");
    });

    it('ends a stream of a failing engine with a failed task, which tells what was spent', async () => {
      let status: Task['status'];
      let facts: unknown;
      for await (const { payload } of client.sendMessageStream(said('fail'))) {
        if (payload?.$case !== 'statusUpdate') continue;
        status = payload.value.status;
        facts = payload.value.metadata?.[REF];
      }
      expect(facts).toEqual({ tokenUsage: expect.objectContaining({ total_tokens: 5 }), cost: [], messages: [] });
      expect(status?.state).toBe(TaskState.TASK_STATE_FAILED);
      expect(textOf(status?.message?.parts)).toBe('the quota is used up');
    });

    it('refuses a message without the reference, naming the key', async () => {
      await expect(client.sendMessage(said('hello', {}))).rejects.toThrow(`message.metadata["${REF}"] is missing`);
      const stream = client.sendMessageStream(said('hello', {}));
      await expect(stream.next()).rejects.toThrow(/is missing/);
    });

    it('says which Query does not exist', async () => {
      const nobody = said('hello', { [REF]: { name: 'nobody', namespace: 'default' } });
      await expect(client.sendMessage(nobody)).rejects.toThrow("Query 'default/nobody' does not exist");
    });

    it('gives up at the time-out of the Query', async () => {
      const short = said('hang', { [REF]: { name: 'short', namespace: 'default' } });
      await expect(client.sendMessage(short)).rejects.toThrow('context deadline exceeded');
    });
  });

  describe('spoken to by hand', () => {
    const post = async (body: string, headers: Record<string, string> = {}, url = base) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
      return {
        status: response.status,
        headers: response.headers,
        body: (await response.json()) as Record<string, never>,
      };
    };
    const message = { kind: 'message', messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'hi' }] };
    const ref = { [REF]: { name: 'q', namespace: 'default' } };

    it('shows one card that both generations understand, at both paths', async () => {
      const cards = await Promise.all(
        ['agent-card.json', 'agent.json'].map(async (file) => (await fetch(`${base}.well-known/${file}`)).json()),
      );
      expect(cards[0]).toEqual(cards[1]);
      expect(cards[0]).toMatchObject({
        name: 'puppet',
        url: base.slice(0, -1),
        protocolVersion: '0.3.0',
        preferredTransport: 'JSONRPC',
        capabilities: { streaming: true, extensions: [{ uri: EXTENSION }] },
        supportedInterfaces: expect.arrayContaining([
          expect.objectContaining({ protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' }),
        ]),
      });
    });

    it('tells its health, and which engines there are', async () => {
      expect(await (await fetch(`${base}health`)).json()).toEqual({ status: 'healthy', engine: 'puppet' });
      expect(await (await fetch(`${server.url}/engines`)).json()).toEqual({
        engines: [{ name: 'puppet', description: 'Does as it is told', url: base }],
      });
    });

    it('answers the request that Ark sends, and names the extension in the header', async () => {
      const sent = { ...message, extensions: [EXTENSION], metadata: ref };
      const params = { configuration: { acceptedOutputModes: null, blocking: true }, message: sent };
      const { body, headers } = await post(
        JSON.stringify({ jsonrpc: '2.0', id: 'x', method: 'message/send', params }),
        { 'x-a2a-extensions': EXTENSION },
      );
      expect(body).toMatchObject({
        id: 'x',
        result: { kind: 'message', role: 'agent', parts: [{ kind: 'text', text: 'Be kind. hi' }] },
      });
      expect(headers.get('x-a2a-extensions')).toBe(EXTENSION);
    });

    it('accepts the reference beside the message too', async () => {
      const { body } = await post(
        JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'message/send', params: { message, metadata: ref } }),
      );
      expect(body).toMatchObject({ result: { parts: [{ text: 'Be kind. hi' }] } });
    });

    const refused: [string, string, Record<string, string>, number][] = [
      ['text that is no JSON', '{"jsonrpc":', {}, -32700],
      ['a batch', '[]', {}, -32600],
      ['nothing', '', {}, -32600],
      ['a request without jsonrpc', '{"id":1,"method":"message/send"}', {}, -32600],
      ['an unknown method', '{"jsonrpc":"2.0","id":1,"method":"message/sing","params":{}}', {}, -32601],
      ['an unknown method without parameters', '{"jsonrpc":"2.0","id":1,"method":"message/sing"}', {}, -32601],
      ['a name that every object has', '{"jsonrpc":"2.0","id":1,"method":"toString"}', {}, -32601],
      [
        'an unknown method of the newer protocol',
        '{"jsonrpc":"2.0","id":1,"method":"SingMessage"}',
        { 'a2a-version': '1.0' },
        -32601,
      ],
      [
        'a method of the newer protocol asked for in the older',
        '{"jsonrpc":"2.0","id":1,"method":"SendMessage"}',
        { 'a2a-version': '0.3' },
        -32601,
      ],
      ['a method without parameters', '{"jsonrpc":"2.0","id":1,"method":"message/send"}', {}, -32602],
      ['parameters that are a list', '{"jsonrpc":"2.0","id":1,"method":"message/send","params":[]}', {}, -32602],
      ['an id that is no id', '{"jsonrpc":"2.0","id":{"a":1},"method":"message/send","params":{}}', {}, -32600],
      ['an id that is no whole number', '{"jsonrpc":"2.0","id":1.5,"method":"message/send","params":{}}', {}, -32600],
      ['a method that is no name', '{"jsonrpc":"2.0","id":1,"method":7,"params":{}}', {}, -32600],
      [
        'a version nobody speaks',
        '{"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{}}',
        { 'a2a-version': '7.1' },
        -32009,
      ],
      [
        'a message without id',
        '{"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{"message":{"role":"ROLE_USER","parts":[]}}}',
        {},
        -32602,
      ],
    ];
    it.each(refused)('refuses %s with the code of JSON-RPC', async (_, text, headers, code) => {
      const { status, body } = await post(text, headers);
      expect(status).toBe(200);
      expect(body).toMatchObject({ jsonrpc: '2.0', error: { code } });
    });

    it('says 404 for an engine that is not installed, naming those that are', async () => {
      const { status, body } = await post(
        '{"jsonrpc":"2.0","id":7,"method":"message/send"}',
        {},
        `${server.url}/engines/nobody/`,
      );
      expect(status).toBe(404);
      expect(body).toMatchObject({ id: 7, error: { message: expect.stringContaining('installed: puppet') } });
      const card = await fetch(`${server.url}/engines/nobody/.well-known/agent-card.json`);
      expect(card.status).toBe(404);
      expect(await card.json()).toMatchObject({ status: 404, detail: expect.stringContaining("no engine 'nobody'") });
    });

    it.each(['/engines/%ZZ', '/engines/puppet/%ZZ', '/engines/puppet/%E0%A4%A'])(
      'answers an address that cannot be read with a problem: %s',
      async (path) => {
        for (const method of ['GET', 'POST']) {
          const response = await fetch(`${server.url}${path}`, { method });
          expect(response.headers.get('content-type')).toContain('application/problem+json');
          expect(await response.json()).toMatchObject({ status: response.status, reason: 'RequestRefused' });
          expect(response.status).toBe(400);
        }
      },
    );

    it('answers 405 and 404 for what it does not serve', async () => {
      expect((await fetch(base)).status).toBe(405);
      const unknown = await fetch(`${base}no/such/thing`);
      const error = { code: 404, status: 'NOT_FOUND', message: 'there is no operation GET no/such/thing', details: [] };
      expect([unknown.status, await unknown.json()]).toEqual([404, { error }]);
    });

    it('stops the engine when the client of a blocking call hangs up', async () => {
      const { aborted: before, hung } = puppet;
      const hangUp = new AbortController();
      const params = { message: { ...message, parts: [{ kind: 'text', text: 'hang' }], metadata: ref } };
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'message/send', params });
      const call = fetch(base, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: hangUp.signal,
      });
      call.catch(() => {});
      await eventually(() => expect(puppet.hung).toBe(hung + 1));
      hangUp.abort();
      await expect(call).rejects.toThrow();
      await eventually(() => expect(puppet.aborted).toBe(before + 1));
    });
  });
});
