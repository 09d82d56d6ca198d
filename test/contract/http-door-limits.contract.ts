import { readFile } from 'node:fs/promises';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { configMap, doorWithThings, expectAlive, JSON_TYPE, MAPS } from '../harness/door-things.js';
import { EmbeddedDoor, type HttpAsk } from '../harness/embedded-door.js';
import { eventually } from '../harness/eventually.js';

describe('the door of the embedded API server keeps its limits:', () => {
  let door: EmbeddedDoor;
  const ask = (path: string, options?: HttpAsk) => door.ask(path, options);
  const post = (path: string, body: string, headers: Record<string, string> = JSON_TYPE) =>
    ask(path, { method: 'POST', body, headers });

  beforeAll(async () => {
    door = await doorWithThings();
  });
  afterAll(async () => {
    await expectAlive(door);
    await door.close();
  });

  it('everything but health and version needs the token', async () => {
    for (const path of ['/api', '/apis', '/openapi/v3', MAPS, '/nothing']) {
      const answer = await ask(path, { token: null });
      expect(answer.json()).toMatchObject({
        kind: 'Status',
        message: 'Unauthorized',
        reason: 'Unauthorized',
        code: 401,
      });
      expect((await ask(path, { token: 'wrong' })).code).toBe(401);
    }
    for (const path of ['/livez', '/readyz', '/healthz', '/version']) {
      expect((await ask(path, { token: null })).code).toBe(200);
    }
  });

  it('a body of two megabytes is refused by the store and one above three by the door', async () => {
    const big = await post(MAPS, configMap('big', { k: 'x'.repeat(2 * 1024 * 1024) }));
    expect([413, 422]).toContain(big.code);
    const huge = await post(MAPS, configMap('huge', { k: 'x'.repeat(3 * 1024 * 1024) }));
    expect(huge.json()).toMatchObject({ code: 413, message: 'Request entity too large: limit is 3145728' });
    const chunked = { ...JSON_TYPE, 'transfer-encoding': 'chunked' };
    expect((await post(MAPS, 'x'.repeat(3 * 1024 * 1024 + 1), chunked)).code).toBe(413);
  });

  it('names that are too long or strange are refused with the field', async () => {
    for (const name of ['x'.repeat(254), 'UPPER', 'a_b', '-a', 'a/b', '../etc', 'a b', '\u0000', 'ü']) {
      const answer = await post(MAPS, configMap(name));
      expect(answer.json()).toMatchObject({
        code: 422,
        reason: 'Invalid',
        details: { causes: [{ field: 'metadata.name' }] },
      });
    }
  });

  it('headers that are too large are refused', async () => {
    expect((await ask('/version', { headers: { 'x-large': 'x'.repeat(40_000) } })).code).toBe(431);
  });

  it('a client that sends one byte at a time does not keep its connection', async () => {
    const socket = await connected(door);
    const closed = new Promise<void>((done) => socket.once('close', () => done()));
    socket.resume();
    socket.write('GET /version HTTP/1.1\r\nhost: door\r\nx-slow: ');
    const drip = setInterval(() => socket.write('x'), 500);
    try {
      await closed;
    } finally {
      clearInterval(drip);
      socket.destroy();
    }
  });

  it('a watcher that does not read is dropped before it holds the memory of the process', async () => {
    const socket = await connected(door);
    const head = `GET ${MAPS}?watch=1&fieldSelector=metadata.name%3Dloud HTTP/1.1`;
    socket.write(`${head}\r\nhost: door\r\nauthorization: Bearer ${door.token}\r\n\r\n`);
    await new Promise((done) => socket.once('readable', done));
    socket.pause();
    await post(MAPS, configMap('loud'));
    const headers = { 'content-type': 'application/merge-patch+json' };
    for (let at = 0; at < 40; at++) {
      const body = JSON.stringify({ data: { k: String(at % 10).repeat(1_000_000) } });
      expect((await ask(`${MAPS}/loud`, { method: 'PATCH', headers, body })).code).toBe(200);
    }
    let received = 0;
    const closed = new Promise<void>((done) => socket.once('close', () => done()));
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    socket.resume();
    await closed;
    expect(received).toBeLessThan(40_000_000);
  });

  it('a request that is no HTTP is answered with 400', async () => {
    const socket = await connected(door);
    const answer = new Promise<string>((done) => {
      let text = '';
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      socket.once('close', () => done(text));
    });
    socket.write('HELLO\r\n\r\n');
    expect(await answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('closes at once, watches and all, and opens again with the same authority and token', async () => {
    const other = await EmbeddedDoor.start();
    const watching = other.ask('/api/v1/namespaces?watch=1');
    await eventually(async () => expect((await other.ask('/api')).code).toBe(200));
    const started = performance.now();
    await other.door.close();
    expect((await watching).text).toContain('"ADDED"');
    expect(performance.now() - started).toBeLessThan(1_500);
    await expect(other.reopen(door.door.port)).rejects.toThrow(`port ${door.door.port} of 127.0.0.1 is taken`);
    const port = await other.reopen();
    expect((await other.ask('/api/v1/namespaces')).code).toBe(200);
    expect(await readFile(other.kubeconfig, 'utf8')).toContain(`:${port}`);
    await other.close();
  });
});

function connected(door: EmbeddedDoor): Promise<TLSSocket> {
  return new Promise((done, fail) => {
    const socket = connect({ host: '127.0.0.1', port: door.door.port, rejectUnauthorized: false }, () => done(socket));
    socket.once('error', fail);
  });
}
