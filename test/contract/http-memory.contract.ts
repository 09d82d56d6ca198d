import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpMemoryBackend } from '../../plugins/memory/http/http.memory.js';
import type { MemoryClient } from '../../src/kit/index.js';

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

type Answer = { status?: number; body?: unknown } | 'hang up';

const never = new AbortController().signal;

describe('a memory service of somebody else', () => {
  let server: Server;
  let seen: Seen[];
  let answer: (request: Seen, count: number) => Answer;
  let backend: HttpMemoryBackend;
  let memory: MemoryClient;
  beforeEach(async () => {
    seen = [];
    answer = () => ({});
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => (body += String(part)));
      request.on('end', () => {
        const asked = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
        seen.push(asked);
        const given = answer(asked, seen.length);
        if (given === 'hang up') return void request.socket.destroy();
        response.statusCode = given.status ?? 200;
        response.end(given.body === undefined ? '' : JSON.stringify(given.body));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    backend = new HttpMemoryBackend();
    const { port } = server.address() as AddressInfo;
    const config = { name: 'm', namespace: 'ns', address: `http://127.0.0.1:${port}`, headers: { 'X-Key': 'k' } };
    memory = backend.open(config);
  });
  afterEach(async () => {
    await backend.onApplicationShutdown();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  const entry = (...said: string[]) => ({
    conversationId: 'c 1',
    query: { name: 'q', uid: 'uid-q' },
    messages: said.map((content) => ({ role: 'user', content })),
  });
  const item = (sequence: number, content: string, query_id = 'uid-q') => ({
    timestamp: '2026-01-01T00:00:00Z',
    query_id,
    sequence,
    message: { role: 'user', content },
  });

  it('gets what Ark’s engine would send it, with the headers of the Memory', async () => {
    await memory.append({ ...entry('Hi'), ttlSeconds: 60 }, never);
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/messages' });
    expect(seen[0]?.headers).toMatchObject({ 'x-key': 'k', 'user-agent': 'ark-memory-client/1.0' });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      conversation_id: 'c 1',
      query_id: 'uid-q',
      messages: [{ role: 'user', content: 'Hi' }],
      ttl_seconds: 60,
    });
  });

  it('is asked page by page, in the names of any year', async () => {
    answer = (_, count) =>
      count === 1
        ? { body: { items: [item(1, 'a')], hasMore: true, nextCursor: 1 } }
        : {
            body: { messages: [{ ...item(2, ''), message: { role: 'tool', content: [{ type: 'text', text: 'b' }] } }] },
          };
    const first = await memory.read('c 1', { limit: 1 }, never);
    expect(first).toMatchObject({ items: [{ sequence: 1, message: { content: 'a' } }], next: 1 });
    const second = await memory.read('c 1', { after: 1, limit: 1 }, never);
    expect(second.items[0]?.message.content).toBe('[{"type":"text","text":"b"}]');
    expect(second.next).toBeUndefined();
    expect(seen.map(({ url }) => url)).toEqual([
      '/messages?conversation_id=c+1&limit=1',
      '/messages?conversation_id=c+1&limit=1&cursor=1',
    ]);
  });

  it('is asked again after a failure that may pass', async () => {
    answer = (_, count) => (count === 1 ? 'hang up' : count === 2 ? { status: 503 } : { body: { items: [] } });
    expect(await memory.read('c', {}, never)).toEqual({ items: [] });
    expect(seen).toHaveLength(3);
  });

  it('is looked at before anything is said twice', async () => {
    answer = ({ method }, count) =>
      count === 1 ? 'hang up' : method === 'GET' ? { body: { items: [item(1, 'Hi'), item(2, 'x', 'other')] } } : {};
    await memory.append(entry('Hi', 'there'), never);
    expect(seen.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST']);
    expect(JSON.parse(seen[2]?.body ?? '').messages).toEqual([{ role: 'user', content: 'there' }]);
  });

  it('may be unable to forget', async () => {
    answer = () => ({ status: 405 });
    await memory.forget([{ name: 'q', uid: 'a/b' }], never);
    expect(seen.map(({ url }) => url)).toEqual(['/queries/a%2Fb/messages']);
  });

  it.each<[string, Answer, string]>([
    [
      'refuses',
      { status: 401, body: { error: 'who are you' } },
      'GET /messages was answered with 401: {"error":"who are you"}',
    ],
    ['stays in trouble', { status: 500 }, 'was answered with 500'],
    ['answers something else', { body: { hello: 'world' } }, 'the answer holds no list of messages'],
    ['pages in circles', { body: { items: [], hasMore: true, nextCursor: 0 } }, 'it pages in circles'],
    ['keeps what nobody said', { body: { items: [{ message: {} }] } }, 'a stored message has no role'],
  ])('is named when it %s', async (_, given, sentence) => {
    answer = () => given;
    const reading = memory.read('c', {}, never);
    await expect(reading).rejects.toMatchObject({ family: 'Unavailable' });
    await expect(reading).rejects.toThrow(/^memory 'ns\/m' at 127\.0\.0\.1:\d+: /);
    await expect(reading).rejects.toThrow(sentence);
  });

  it('is never a link-local address', async () => {
    const config = { name: 'm', namespace: 'ns', address: 'http://169.254.169.254', headers: {} };
    await expect(backend.open(config).read('c', {}, never)).rejects.toThrow("memory 'ns/m'");
  });
});
