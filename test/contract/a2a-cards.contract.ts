import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CardReader } from '../../src/discovery/card-reader.js';
import { GuardedHttp } from '../../src/discovery/guarded-http.js';
import { freePort } from '../harness/free-port.js';

type FoundAgents = Awaited<ReturnType<CardReader['read']>>;
type Page = (request: IncomingMessage, response: ServerResponse) => void;

const CARD = { name: 'Echo', description: 'Echoes', skills: [], capabilities: { streaming: true } };
const json =
  (body: unknown, headers: Record<string, string> = {}): Page =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
const status =
  (code: number, headers: Record<string, string> = {}): Page =>
  (_request, response) =>
    void response.writeHead(code, headers).end('no');

describe('the cards of a foreign server', () => {
  const http = new GuardedHttp({ loopback: true });
  const abort = new AbortController();
  let pages: Record<string, Page>;
  let asked: { path: string; headers: IncomingMessage['headers'] }[];
  let server: ReturnType<typeof createServer>;
  let base: string;

  beforeEach(async () => {
    pages = {};
    asked = [];
    server = createServer((request, response) => {
      const path = request.url ?? '';
      asked.push({ path, headers: request.headers });
      (pages[path] ?? status(404))(request, response);
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  const read = (path = '', known?: FoundAgents, timeoutMs = 5_000) =>
    new CardReader(http, timeoutMs).read({
      address: `${base}${path}`,
      headers: { 'x-key': 'secret' },
      known,
      signal: abort.signal,
    });

  it('are found where protocol 0.3 keeps them, with the headers of the server', async () => {
    pages['/a/.well-known/agent-card.json'] = json(CARD);
    expect((await read('/a')).agents).toMatchObject([{ name: 'Echo', streaming: true, address: `${base}/a` }]);
    expect(asked).toMatchObject([{ headers: { 'x-key': 'secret' } }]);
  });

  it('are found where protocol 0.2 kept them', async () => {
    pages['/.well-known/agent.json'] = json(CARD);
    expect((await read()).agents).toMatchObject([{ name: 'Echo' }]);
    expect(asked.map(({ path }) => path)).toEqual(['/.well-known/agent-card.json', '/.well-known/agent.json']);
  });

  it('are found as a list at the address itself', async () => {
    pages['/agents?kind=all'] = json({ agents: [{ ...CARD, url: `${base}/echo` }] });
    const found = await read('/agents?kind=all');
    expect(found).toMatchObject({ listed: true, agents: [{ address: `${base}/echo` }] });
  });

  it('are found through the catalogue of a neighbour, which says where they are', async () => {
    const entry = (name: string) => ({ name, 'agent-card': `http://far.example/agent/${name}/.well-known/agent.json` });
    pages['/agents'] = json(['one', 'two', 'gone'].map(entry), { etag: '"7"' });
    for (const name of ['one', 'two']) {
      const url = `http://far.example/agent/${name}/`;
      pages[`/agent/${name}/.well-known/agent.json`] = json({ ...CARD, name, url });
    }
    const found = await read('/agents');
    expect(found).toMatchObject({
      agents: [
        { name: 'one', address: `${base}/agent/one` },
        { name: 'two', address: `${base}/agent/two` },
      ],
      problems: ["agent 3 of the list ('gone'): HTTP status 404"],
      partial: false,
    });
    expect(asked.filter(({ headers }) => headers['x-key'] !== 'secret')).toEqual([]);
    // The version of the list says nothing of the cards.
    expect(found.etag).toBeUndefined();
  });

  it('of a neighbour that says nothing more while they are read are waited for only so long', async () => {
    pages['/agents'] = json([{ 'agent-card': '/one' }, { ...CARD, url: '/two' }]);
    pages['/one'] = () => undefined;
    await expect(read('/agents', undefined, 300)).rejects.toThrow('no agent card within 0.3 seconds');
  });

  it('are not read again while their version is the same', async () => {
    pages['/.well-known/agent.json'] = (request, response) => {
      if (request.headers['if-none-match'] === '"7"') status(304)(request, response);
      else json(CARD, { etag: '"7"' })(request, response);
    };
    const known = await read();
    asked.length = 0;
    expect(await read('', known)).toBe(known);
    expect(asked.map(({ path }) => path)).toEqual(['/.well-known/agent.json']);
  });

  it('are looked for at every place when they have moved', async () => {
    pages['/.well-known/agent.json'] = json(CARD, { etag: '"7"' });
    const known = await read();
    pages = { '/.well-known/agent-card.json': json({ ...CARD, name: 'Moved' }) };
    expect((await read('', known)).agents[0]?.name).toBe('Moved');
  });

  it('are followed to another path of their host, and no further', async () => {
    pages['/.well-known/agent-card.json'] = status(308, { location: '/moved' });
    pages['/moved'] = json(CARD);
    expect((await read()).agents).toHaveLength(1);
    const elsewhere = await freePort();
    for (const location of ['http://169.254.169.254/latest/meta-data/', `http://127.0.0.1:${elsewhere}/card`]) {
      pages['/.well-known/agent-card.json'] = status(302, { location });
      await expect(read()).rejects.toThrow(/a redirect to another host, .* which is not followed/);
    }
    pages['/.well-known/agent-card.json'] = status(302, { location: '/.well-known/agent-card.json' });
    await expect(read()).rejects.toThrow('more than 3 redirects');
  });

  it.each<[string, Page, string]>([
    [
      'a page for people',
      (_q, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      'the answer is not JSON (text/html)',
    ],
    ['a card of the wrong shape', json({ name: ['Echo'] }), 'name must be a text and is ["Echo"]'],
    [
      'a card that nobody speaks',
      json({ ...CARD, supportedInterfaces: [{ url: '/', protocolBinding: 'GRPC', protocolVersion: '1.0' }] }),
      'the card offers GRPC of 1.0; spoken here is JSONRPC',
    ],
    ['a card of 50 megabytes', json({ ...CARD, description: 'x'.repeat(50 << 20) }), 'larger than 1 MiB'],
    ['an error', status(500), 'HTTP status 500'],
  ])('are refused when there is %s, saying what every place had', async (_what, page, problem) => {
    pages['/.well-known/agent-card.json'] = page;
    const failure = read();
    await expect(failure).rejects.toThrow(problem);
    await expect(failure).rejects.toThrow('/.well-known/agent.json: HTTP status 404');
    await expect(failure).rejects.not.toThrow('secret');
  });

  it('are waited for only so long', async () => {
    pages['/.well-known/agent-card.json'] = () => undefined;
    await expect(read('', undefined, 100)).rejects.toThrow(`no agent card within 0.1 seconds from ${base}`);
  });

  it('of a server that does not listen are missed once, not at three places', async () => {
    base = `http://127.0.0.1:${await freePort()}`;
    const failure = read();
    await expect(failure).rejects.toMatchObject({ family: 'Unavailable' });
    await expect(failure).rejects.toThrow(/agent-card.json: connect ECONNREFUSED[^;]*$/);
  });

  it('are never asked of a metadata service', async () => {
    base = 'http://169.254.169.254';
    await expect(read()).rejects.toMatchObject({ family: 'Denied' });
  });
});
