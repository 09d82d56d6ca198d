import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { outcomeOf } from '../../src/dispatch/answers.js';
import { ForeignEngines } from '../../src/dispatch/foreign-engines.js';
import type { TargetCall } from '../../src/dispatch/target-call.js';
import { canceled, noMetrics } from '../../src/kit/index.js';
import { Tracing } from '../../src/machinery/observability/tracing/tracing.js';
import type { Settings } from '../../src/machinery/settings/settings.js';
import type { Query } from '../../src/resources/query/query.resource.js';
import { rememberingLogger } from '../harness/engine-process.js';
import { eventually } from '../harness/eventually.js';
import { query } from '../harness/manifests.js';
import { type A2aCall, ScriptedA2aServer } from '../harness/scripted-a2a-server.js';

const TARGET = { type: 'agent' as const, name: 'a' };
const Q = query('q', { input: 'x', target: TARGET });

const task = (state: string, more: object = {}) => ({
  kind: 'task',
  id: 't-1',
  contextId: 'c-1',
  status: { state },
  ...more,
});
const message = (parts: object[], more: object = {}) => ({
  kind: 'message',
  role: 'agent',
  messageId: 'r',
  parts,
  ...more,
});
const said = (text: string) => message([{ kind: 'text', text }]);
const card = (more: object) => (url: string) => ({
  name: 'engine',
  description: '',
  url,
  version: '1',
  protocolVersion: '0.3.0',
  capabilities: { streaming: false },
  ...more,
});

describe('an engine of another process that behaves badly', () => {
  const servers: { close(): unknown }[] = [];
  let foreign: ForeignEngines;
  let abort: AbortController;
  beforeEach(() => {
    foreign = new ForeignEngines(rememberingLogger(), noMetrics, new Tracing(), { kubernetes: 'embedded' } as Settings);
    abort = new AbortController();
  });
  afterEach(async () => {
    await foreign.onApplicationShutdown();
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function scripted(more: object | undefined = {}): Promise<ScriptedA2aServer> {
    const server = await ScriptedA2aServer.listen(card(more));
    servers.push(server);
    return server;
  }
  async function bare(listener: RequestListener): Promise<string> {
    const server: Server = createServer(listener);
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    servers.push({
      close: () => {
        server.closeAllConnections();
        return new Promise((done) => server.close(done));
      },
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const call = (more: Partial<TargetCall> = {}): TargetCall => ({
    query: { ...Q, metadata: { ...Q.metadata, uid: 'uid-q' } } as unknown as Query,
    target: TARGET,
    text: 'x',
    messageId: 'attempt-1',
    conversationId: 'thread',
    signal: abort.signal,
    deadline: new Date(Date.now() + 60_000),
    onText: () => {},
    ...more,
  });
  const ask = async (address: string, more: Partial<TargetCall> = {}) =>
    outcomeOf(TARGET, await foreign.ask('other', address, call(more)));

  it('has an address that is shown as far as it is no secret, also where it is none', async () => {
    const address = 'engines.example/s/9f8e7d6c';
    await expect(ask(address)).rejects.toThrow(`engine 'other': its address "${address}" is not a URL`);
    const sent = { headers: {}, secrets: [address] };
    await expect(foreign.ask('other', address, call(), sent)).rejects.toThrow(
      `engine 'other': its address "…" is not a URL`,
    );
  });

  it.each([301, 302, 307, 308])('is not followed to another place by a %d', async (status) => {
    const inner = await scripted();
    inner.onCall = (call) => call.result(said('secrets of the inside'));
    const url = await bare((_, response) => void response.writeHead(status, { location: inner.url }).end());
    await expect(ask(url)).rejects.toThrow(new RegExp(`engine 'other': unexpected http status ${status}`));
    expect(inner.calls).toEqual([]);
  });

  it('is cut off when an endless stream has said ten mebibytes', async () => {
    const server = await scripted({ capabilities: { streaming: true } });
    const artifact = { artifactId: 'a', parts: [{ kind: 'text', text: 'x'.repeat(1 << 20) }] };
    server.onCall = (call) => {
      if (call.method === 'tasks/get') return call.result(task('completed'));
      const update = { kind: 'artifact-update', taskId: 't-1', contextId: 'c-1', append: true, artifact };
      for (let i = 0; i < 16; i++) call.event(update);
    };
    let heard = 0;
    const onText = (piece: string) => {
      heard += piece.length;
    };
    expect(await ask(server.url, { onText })).toMatchObject({ phase: 'done' });
    expect(heard).toBeLessThan(10 << 20);
    expect(server.methods().slice(0, 2)).toEqual(['message/stream', 'tasks/get']);
  });

  it('holds nobody up with a card that comes drop by drop', async () => {
    const drips: NodeJS.Timeout[] = [];
    let asked = 0;
    const url = await bare((request, response) => {
      if (request.method === 'POST') {
        asked += 1;
        let body = '';
        request.on('data', (bytes) => {
          body += String(bytes);
        });
        request.on('end', () => {
          const { id } = JSON.parse(body) as { id: unknown };
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ jsonrpc: '2.0', id, result: said('without a card') }));
        });
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json' });
      drips.push(setInterval(() => response.write(' '), 100));
    });
    const outcomes = await Promise.all([ask(url), ask(url)]);
    for (const drip of drips) clearInterval(drip);
    expect(outcomes.map(({ content }) => content)).toEqual(['without a card', 'without a card']);
    expect(asked).toBe(2);
  });

  it('does not keep a canceled Query waiting for its card', async () => {
    const url = await bare((_, response) => void response.writeHead(200, { 'content-type': 'application/json' }));
    const asked = ask(url);
    abort.abort(canceled('enough'));
    await expect(asked).rejects.toThrow('enough');
    // The card itself is given up much later.
  }, 4_000);

  it('that changes its card is spoken to by the new one after its first refusal', async () => {
    let protocolVersion = '0.3.0';
    const server = await ScriptedA2aServer.listen((url) =>
      protocolVersion === '0.3.0'
        ? card({})(url)
        : {
            name: 'engine',
            description: '',
            version: '2',
            capabilities: {},
            supportedInterfaces: [{ url, protocolBinding: 'JSONRPC', protocolVersion }],
          },
    );
    servers.push(server);
    server.onCall = (call) => call.result(said('old'));
    expect((await ask(server.url)).content).toBe('old');
    protocolVersion = '1.0';
    server.onCall = (call) => {
      if (call.method === 'message/send') call.error(-32601, 'Method not found');
      else call.result({ message: { role: 'ROLE_AGENT', messageId: 'r', parts: [{ text: 'new' }] } });
    };
    await expect(ask(server.url)).rejects.toThrow(/engine 'other'/);
    expect((await ask(server.url)).content).toBe('new');
    expect(server.methods()).toEqual(['message/send', 'message/send', 'SendMessage']);
  });

  it('that speaks nothing that is spoken here is a clear error, and is not spoken to', async () => {
    const supportedInterfaces = [{ url: 'grpc.example:50051', protocolBinding: 'GRPC', protocolVersion: '1.0' }];
    const server = await ScriptedA2aServer.listen(() => ({ name: 'engine', capabilities: {}, supportedInterfaces }));
    servers.push(server);
    await expect(ask(server.url)).rejects.toMatchObject({
      family: 'Invalid',
      message: expect.stringMatching(/^engine 'other': the card offers GRPC of 1\.0; spoken here is JSONRPC/),
    });
    expect(server.calls).toEqual([]);
  });

  it('gets the conversation it was given, and may answer in another one', async () => {
    const server = await scripted();
    server.onCall = (call) => call.result(message([{ kind: 'text', text: 'ok' }], { contextId: 'mine' }));
    expect(await ask(server.url)).toMatchObject({ conversationId: 'mine', a2a: { contextId: 'mine' } });
    expect(await ask(server.url, { conversationId: 'mine' })).toMatchObject({ conversationId: 'mine' });
    expect(server.calls.map(({ params }) => (params.message as { contextId: string }).contextId)).toEqual([
      'thread',
      'mine',
    ]);
  });

  it('may answer with data and files, which become words', async () => {
    const server = await scripted();
    const parts = [
      { kind: 'data', data: { rain: 0.4 } },
      { kind: 'text', text: ' see ' },
      { kind: 'file', file: { uri: 'https://example.com/map.png', mimeType: 'image/png' } },
      { kind: 'text', text: ' and ' },
      { kind: 'file', file: { bytes: Buffer.from('12345').toString('base64'), name: 'log.txt' } },
    ];
    const words = '{"rain":0.4} see https://example.com/map.png and [log.txt, 5 bytes]';
    server.onCall = (call) => call.result(message(parts));
    expect((await ask(server.url)).content).toBe(words);
    server.onCall = (call) => call.result(task('completed', { artifacts: [{ artifactId: 'a', parts }] }));
    expect((await ask(server.url)).content).toBe(words);
  });

  it.each([
    ['no parts', message([])],
    ['an artifact without parts', task('completed', { artifacts: [{ artifactId: 'a', parts: [] }] })],
  ])('may answer with %s, which is an empty answer and no crash', async (_, result) => {
    const server = await scripted();
    server.onCall = (call) => call.result(result);
    expect(await ask(server.url)).toMatchObject({ phase: 'done', content: '' });
  });

  it.each([
    ['nothing', undefined],
    ['a number', 42],
    ['a part of an unknown kind', message([{ kind: 'hologram', beam: 1 }])],
    ['a task without a status', { kind: 'task', id: 't-1', contextId: 'c' }],
  ])('that answers with %s is an error that names it, or is followed', async (_, result) => {
    const server = await scripted();
    server.onCall = (call) => (call.method === 'tasks/get' ? call.result(task('failed')) : call.result(result));
    const outcome = await ask(server.url).catch((error: Error) => ({ phase: 'error', content: error.message }));
    expect(outcome).toMatchObject({ phase: 'error', content: expect.stringMatching(/engine 'other'|task failed/) });
  });

  it('has its task canceled once, however late the engine names it', async () => {
    const server = await scripted({ capabilities: { streaming: true } });
    let stream: A2aCall | undefined;
    server.onCall = (call) => {
      if (call.method === 'message/stream') stream = call;
      else call.result(task('canceled'));
    };
    const heard = Promise.withResolvers<unknown>();
    const asked = ask(server.url, { onRemoteTask: heard.resolve });
    await eventually(() => expect(stream).toBeDefined());
    stream?.event(task('working'));
    await heard.promise;
    abort.abort(canceled('enough'));
    await expect(asked).rejects.toThrow('enough');
    await eventually(() => expect(server.methods().filter((method) => method === 'tasks/cancel')).toHaveLength(1));
  });

  it('that has ended before the cancellation came is not told of it', async () => {
    const server = await scripted();
    server.onCall = (call) => call.result(task('completed'));
    expect((await ask(server.url)).phase).toBe('done');
    abort.abort(canceled('enough'));
    expect(server.methods()).toEqual(['message/send']);
  });

  it('that refuses to cancel does not keep the Query', async () => {
    const server = await scripted();
    server.onCall = (call) => {
      if (call.method === 'tasks/cancel') call.error(-32002, 'Task cannot be canceled');
      else call.result(task('working'));
    };
    const asked = ask(server.url);
    await eventually(() => expect(server.methods()).toContain('tasks/get'));
    abort.abort(canceled('enough'));
    await expect(asked).rejects.toThrow('enough');
  });
});
