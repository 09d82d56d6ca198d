import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { HttpMemoryBackend } from '../../plugins/memory/http/http.memory.js';
import { Metrics, noMetrics } from '../../src/kit/index.js';
import { memoryBackendSuite, silentLogger } from '../../src/kit/testing/index.js';
import { ProblemFilter } from '../../src/machinery/errors/problem.filter.js';
import { createHttpApplication } from '../../src/machinery/http/http-application.js';
import { BugReports } from '../../src/machinery/observability/bug-reports.js';
import { RootLogger } from '../../src/machinery/observability/root-logger.js';
import { Tracing } from '../../src/machinery/observability/tracing/tracing.js';
import { ConversationsController } from '../../src/memory/conversations.controller.js';
import { MessageWatch } from '../../src/memory/message-watch.js';
import { MessagesController } from '../../src/memory/messages.controller.js';
import { Messages } from '../../src/storage/messages.js';
import { Storage } from '../../src/storage/storage.js';
import { temporaryFolder } from '../harness/temporary-folder.js';

class MemoryApi {}

/** The memory API alone, on a database of its own. */
async function start(dataDir: string): Promise<{ url: string; stop(): Promise<void> }> {
  const storage = new Storage({ dataDir }, silentLogger);
  const providers = [
    { provide: Messages, useValue: new Messages(storage) },
    { provide: RootLogger, useValue: silentLogger },
    { provide: Metrics, useValue: noMetrics },
    { provide: Tracing, useValue: new Tracing() },
    BugReports,
    MessageWatch,
    ProblemFilter,
  ];
  const controllers = [MessagesController, ConversationsController];
  const app: NestFastifyApplication = await createHttpApplication(
    { module: MemoryApi, controllers, providers },
    silentLogger,
  );
  await app.listen(0, '127.0.0.1');
  const stop = async () => {
    await app.close();
    await storage.onApplicationShutdown();
  };
  return { url: await app.getUrl(), stop };
}

describe('the memory API of this service', () => {
  const folder = temporaryFolder({ keep: 'block' });
  const backend = new HttpMemoryBackend();
  let api: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    api = await start(folder());
  });
  afterAll(async () => {
    await backend.onApplicationShutdown();
    await api?.stop();
  });

  const open = (path: string) =>
    backend.open({ name: 'm', namespace: 'default', address: `${api.url}${path}`, headers: {} });
  memoryBackendSuite('http, at the root', () => ({ memory: open(''), stranger: open('/memory/ns/other') }));
  memoryBackendSuite('http, below a namespace', () => ({ memory: open('/memory/ns/team'), stranger: open('/memory') }));

  async function call(method: string, path: string, body?: object) {
    const headers = body ? { 'content-type': 'application/json' } : undefined;
    const response = await fetch(`${api.url}${path}`, { method, headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }
  let namespaces = 0;
  const fresh = () => {
    namespaces += 1;
    return `/memory/ns/n${namespaces}`;
  };
  const say = (base: string, conversation: string, query: string, ...said: string[]) =>
    call('POST', `${base}/messages`, {
      conversation_id: conversation,
      query_id: query,
      messages: said.map((content) => ({ role: 'user', content })),
    });

  it('answers as Ark’s broker does', async () => {
    const base = fresh();
    expect(await say(base, 'c1', 'q1', 'one', 'two')).toEqual({ status: 200, body: undefined });
    await say(base, 'c2', 'q2', 'three');
    const page = await call('GET', `${base}/messages?conversation_id=c1&limit=1`);
    expect(page.body).toEqual({
      items: [
        expect.objectContaining({ conversation_id: 'c1', query_id: 'q1', message: { role: 'user', content: 'one' } }),
      ],
      hasMore: true,
      nextCursor: page.body.items[0].sequence,
    });
    expect((await call('GET', `${base}/conversations`)).body).toEqual({ conversations: ['c1', 'c2'] });
    expect((await call('GET', `${base}/memory-status`)).body).toMatchObject({
      total_conversations: 2,
      total_messages: 3,
      conversations: { c1: { message_count: 2, query_count: 1 } },
    });
    expect((await call('GET', `${base}/conversations/c1`)).body.messages).toHaveLength(2);
    const made = await call('POST', `${base}/conversations`);
    expect(made).toEqual({ status: 201, body: { conversation_id: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
  });

  it('removes a turn, a Query, a conversation, everything', async () => {
    const base = fresh();
    for (const [conversation, query] of [
      ['c1', 'q1'],
      ['c1', 'q2'],
      ['c2', 'q2'],
      ['c3', 'q3'],
      ['c4', 'q4'],
    ] as const) {
      await say(base, conversation, query, 'x');
    }
    const left = async () =>
      (await call('GET', `${base}/messages`)).body.items.map(
        (item: { conversation_id: string; query_id: string }) => `${item.conversation_id}/${item.query_id}`,
      );
    expect((await call('DELETE', `${base}/conversations/c1/queries/q2/messages`)).body.status).toBe('success');
    expect(await left()).toEqual(['c1/q1', 'c2/q2', 'c3/q3', 'c4/q4']);
    await call('DELETE', `${base}/queries/q2/messages`);
    await call('DELETE', `${base}/conversations/c3`);
    expect(await left()).toEqual(['c1/q1', 'c4/q4']);
    await call('DELETE', `${base}/messages`);
    expect(await left()).toEqual([]);
  });

  it('understands the names of 2025', async () => {
    const base = fresh();
    const body = { session_id: 's1', query_id: 'q1', messages: [{ role: 'user', content: 'old' }] };
    expect((await call('POST', `${base}/messages`, body)).status).toBe(200);
    const { messages } = (await call('GET', `${base}/messages?session_id=s1`)).body;
    expect(messages).toEqual([
      expect.objectContaining({ session_id: 's1', query_id: 'q1', message: body.messages[0] }),
    ]);
    expect((await call('GET', `${base}/memory-status`)).body).toMatchObject({ total_sessions: 1 });
  });

  it.each([
    ['POST', '/messages', { query_id: 'q', messages: [] }, 400, 'VALIDATION_ERROR', 'conversation_id must be a text'],
    ['POST', '/messages', { conversation_id: 'c', query_id: 'q' }, 400, 'VALIDATION_ERROR', 'messages must be a list'],
    [
      'POST',
      '/messages',
      { conversation_id: 'c', query_id: 'q', messages: [{ content: 'x' }] },
      400,
      'VALIDATION_ERROR',
      'messages[0].role is missing',
    ],
    ['GET', '/messages?limit=5000', undefined, 400, 'PAGINATION_ERROR', 'valid: 1 to 1000'],
    ['GET', '/messages?cursor=x', undefined, 400, 'PAGINATION_ERROR', 'cursor must be one whole number'],
    ['GET', '/messages?namespace=..%2F', undefined, 400, 'VALIDATION_ERROR', 'the name of a namespace'],
    ['GET', '/conversations/nobody', undefined, 404, 'NOT_FOUND', "conversation 'nobody' holds no messages"],
  ])('refuses %s %s with %j', async (method, path, body, status, code, message) => {
    const refused = await call(method, path, body);
    expect(refused.status).toBe(status);
    expect(refused.body.error).toMatchObject({
      code,
      message: expect.stringContaining(message),
      requestId: expect.any(String),
    });
  });

  it('gives the request’s own id back, also with an error', async () => {
    const headers = { 'x-request-id': 'mine' };
    expect((await fetch(`${api.url}/conversations`, { headers })).headers.get('x-request-id')).toBe('mine');
    expect((await fetch(`${api.url}/messages`)).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const response = await fetch(`${api.url}/messages?limit=0`, { headers });
    expect(response.headers.get('x-request-id')).toBe('mine');
    expect(await response.json()).toMatchObject({ error: { requestId: 'mine' } });
  });

  it('tells watchers what was said since a cursor, then what is being said', async () => {
    const base = fresh();
    await say(base, 'c', 'q1', 'before');
    const gone = new AbortController();
    const watch = (query: string) => fetch(`${api.url}${base}/messages?watch=true${query}`, { signal: gone.signal });
    const [all, live] = await Promise.all([watch('&cursor=0'), watch('&conversation_id=c')]);
    const heard = [all, live].map((response) => listen(response));
    await say(base, 'other', 'q2', 'elsewhere');
    await say(base, 'c', 'q3', 'now');
    expect(await heard[0]!(3)).toEqual(['before', 'elsewhere', 'now']);
    expect(await heard[1]!(1)).toEqual(['now']);
    gone.abort();
  });
});

/** Collects the messages of an event stream; the answer waits until there are so many. */
function listen(response: Response): (count: number) => Promise<string[]> {
  const reader = (response.body as ReadableStream<Uint8Array>)
    .pipeThrough(new TextDecoderStream() as never)
    .getReader();
  let text = '';
  const said = () => [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data as string).message.content);
  return async (count) => {
    while (said().length < count) {
      const { value, done } = (await reader.read()) as { value?: string; done: boolean };
      if (done) break;
      text += value;
    }
    expect(text.startsWith(': connected\n\n')).toBe(true);
    return said();
  };
}
