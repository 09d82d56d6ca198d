import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpToolType } from '../../plugins/tools/http/http.tool.js';
import { toolConfig, toolContext, toolTypeSuite } from '../../src/kit/testing/index.js';

type Route = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const ROUTES: Record<string, Route> = {
  '/echo': ({ method, headers }, response, body) =>
    response.end(`${method} ${headers['content-type'] ?? '-'} ${headers['x-key'] ?? '-'} ${body}`),
  '/keyed': ({ headers }, response) => response.end(String(headers['idempotency-key'] ?? 'no key')),
  '/missing': (_, response) => response.writeHead(404).end('{"why": "moved away"}'),
  '/slow': () => {},
  '/flood': (_, response) => {
    const drip = () => response.write('x'.repeat(1 << 20), () => !response.destroyed && drip());
    drip();
  },
  '/cut': (_, response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('half', () => response.destroy());
  },
  '/packed': (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('open me')),
  '/nothing': (_, response) => response.writeHead(204, { 'content-encoding': 'gzip' }).end(),
  '/nothing-packed': (_, response) => response.writeHead(200, { 'content-encoding': 'br' }).end(),
  '/torn': (_, response) => response.writeHead(200, { 'content-encoding': 'br' }).end('no such thing'),
  '/twice': (_, response) => response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end(gzipSync(gzipSync('x'))),
  '/bomb': (_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(64 << 20, ' '), { level: 1 })),
  '/moved': (_, response) => response.writeHead(303, { location: '/echo' }).end(),
  '/kept': (_, response) => response.writeHead(307, { location: '/echo' }).end(),
  '/elsewhere': (_, response) => response.writeHead(302, { location: 'http://127.0.0.2:1/' }).end(),
  '/loop': (_, response) => response.writeHead(302, { location: '/loop' }).end(),
};

let url = '';
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (data: Buffer) => (body += data.toString()));
  request.on('end', () => ROUTES[request.url ?? '']?.(request, response, body));
});
const tools: HttpToolType[] = [];
function httpTool(): HttpToolType {
  const tool = new HttpToolType();
  tools.push(tool);
  return tool;
}

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await Promise.all(tools.map((tool) => tool.onApplicationShutdown()));
  server.closeAllConnections();
  server.close();
});

const at = (path: string, more: Record<string, unknown> = {}) => ({ settings: { url: `${url}${path}`, ...more } });

describe('the tool type http', () => {
  toolTypeSuite('http', () => ({
    type: httpTool(),
    call: { tool: at('/echo'), answer: 'GET - - ' },
    slow: { tool: at('/slow') },
    failure: { tool: { settings: { url: 'http://127.0.0.1:1/' } }, message: /127\.0\.0\.1:1 does not answer/ },
  }));

  const call = (tool: Parameters<typeof toolConfig>[0], args = {}) =>
    httpTool().call(toolConfig(tool), args, toolContext());

  it('gives calls that act a key by which the endpoint knows a repeat, unless the manifest has one', async () => {
    const texts: string[] = [];
    for (const more of [{}, { method: 'POST' }, { method: 'POST', headers: { 'Idempotency-Key': 'mine' } }]) {
      texts.push((await call(at('/keyed', more))).text);
    }
    expect(texts).toEqual(['no key', toolContext().idempotencyKey, 'mine']);
  });

  it('says so when the answer breaks off', async () => {
    await expect(call(at('/cut'))).rejects.toMatchObject({
      family: 'Unavailable',
      message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+ broke off its answer: /),
    });
  });

  it('sends headers and a body, and says that the body is JSON', async () => {
    const settings = { method: 'POST', headers: { 'X-Key': 'k' }, body: '{"a": "{{.input.a}}"}' };
    expect((await call(at('/echo', settings), { a: '"' })).text).toBe('POST application/json k {"a": "\\""}');
    const own = { ...settings, headers: { 'Content-Type': 'application/vnd.api+json' } };
    expect((await call(at('/echo', own), { a: 1 })).text).toBe('POST application/vnd.api+json - {"a": "1"}');
  });

  it('takes a key as files hold it, and lets nothing in a header become another one', async () => {
    expect((await call(at('/echo', { headers: { 'X-Key': 'hush\n' } }))).text).toBe('GET - hush ');
    const injected = call(at('/echo', { headers: { 'X-Key': 'secret\r\nX-Admin: yes' } }));
    const failure = await injected.catch((error: unknown) => error);
    expect(failure).toMatchObject({
      family: 'Invalid',
      message: "header 'X-Key' has characters that no HTTP header may have",
    });
  });

  it('does not tell the model the keys that an endpoint says back', async () => {
    const more = { method: 'POST', headers: { 'X-Key': 'hunter22' }, body: '{"p": "{{.password}}"}' };
    const told = await call(at('/echo', { ...more, bodyParameters: { password: 'sesame-2718' } }));
    expect(told.text).toBe('POST application/json … {"p": "…"}');
  });

  it('tells what a failing endpoint said', async () => {
    expect(await call(at('/missing'))).toEqual({ text: 'HTTP status 404\n{"why": "moved away"}', isError: true });
  });

  it('unpacks what comes packed, within the same limit, and once only', async () => {
    expect(await call(at('/packed'))).toEqual({ text: 'open me' });
    for (const path of ['/nothing', '/nothing-packed']) expect(await call(at(path))).toEqual({ text: '' });
    expect(await call(at('/packed', { method: 'HEAD' }))).toEqual({ text: '' });
    const { text } = await call(at('/bomb'));
    expect([
      text.length < 10.1 * 2 ** 20,
      text.endsWith('[cut here: the answer is longer than 10485760 bytes]'),
    ]).toEqual([true, true]);
    await expect(call(at('/torn'))).rejects.toThrow(/broke off its answer/);
    await expect(call(at('/twice'))).rejects.toThrow('in the encoding "gzip, gzip", which is not known');
  });

  it('stops reading after 10 MiB and says so', async () => {
    const { text } = await call(at('/flood'));
    expect(text.slice(-60)).toBe('xxx\n[cut here: the answer is longer than 10485760 bytes]'.padStart(60, 'x'));
    expect(text.length).toBeLessThan(10_485_760 + 100);
  });

  it('follows redirects within the origin, with the method that HTTP asks for', async () => {
    const post = { method: 'POST', body: '{}' };
    expect((await call(at('/moved', post))).text).toBe('GET - - ');
    expect((await call(at('/kept', post))).text).toBe('POST application/json - {}');
    await expect(call(at('/loop'))).rejects.toThrow(/redirects more than 5 times/);
  });

  it('follows no redirect to another host', async () => {
    await expect(call(at('/elsewhere'))).rejects.toThrow(/redirects to http:\/\/127\.0\.0\.2:1, which the tool's/);
  });

  it('does not call this machine where that is forbidden', async () => {
    for (const host of ['127.0.0.1', 'localhost']) {
      const tool = toolConfig({ settings: { url: `${url.replace('127.0.0.1', host)}/echo` } });
      const call = httpTool().call(tool, {}, toolContext({ egress: { loopback: false } }));
      await expect(call).rejects.toMatchObject({ family: 'Denied' });
    }
  });

  it('never calls a metadata service', async () => {
    const metadata = { settings: { url: 'http://169.254.169.254/latest' } };
    await expect(call(metadata)).rejects.toMatchObject({ family: 'Denied' });
  });
});
