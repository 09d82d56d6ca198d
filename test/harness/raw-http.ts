import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** What a server sent until it closed, or was silent for `silentMs`. */
export function rawExchange(url: string, request: string | Buffer, silentMs = 1_000): Promise<string> {
  const { hostname: host, port, protocol } = new URL(url);
  const to = { host, port: Number(port) };
  return new Promise((done) => {
    const socket: Socket = protocol === 'https:' ? connectTls({ ...to, rejectUnauthorized: false }) : connect(to);
    let text = '';
    const end = () => {
      socket.destroy();
      done(text);
    };
    socket.setTimeout(20_000, end);
    socket.on('data', (data: Buffer) => {
      text += data.toString('latin1');
      socket.setTimeout(silentMs, end);
    });
    for (const event of ['end', 'close', 'error']) socket.on(event, end);
    // A server that has refused the beginning closes before it has read the end.
    socket.write(request, () => {});
  });
}

/** Whether anybody takes connections at an address. */
export function listens(url: string): Promise<boolean> {
  const { hostname: host, port } = new URL(url);
  return new Promise((done) => {
    const socket = connect({ host, port: Number(port) });
    socket.once('connect', () => done(true)).once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** A POST whose body a server waits for, and the way to send the rest of it and read the answer. */
export async function halfSent(url: string, path: string, token: string, body: string) {
  const { hostname: host, port, protocol } = new URL(url);
  const to = { host, port: Number(port) };
  const socket: Socket = protocol === 'https:' ? connectTls({ ...to, rejectUnauthorized: false }) : connect(to);
  let text = '';
  const ended = new Promise<void>((done) => {
    for (const event of ['end', 'close', 'error']) socket.on(event, () => done());
  });
  const asked = new Promise<void>((done) => {
    socket.on('data', (data: Buffer) => {
      // Who says that has begun to work on the request.
      if (text === '' && data.toString().startsWith('HTTP/1.1 100')) done();
      else text += data.toString();
    });
  });
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${host}:${port}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Expect: 100-continue',
    'Connection: close',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  await Promise.race([asked, ended]);
  const finish = async () => {
    socket.write(body);
    await ended;
    return text;
  };
  return { finish };
}

/** Status codes of all answers in what a server sent, in their order. */
export const statusesIn = (text: string): number[] =>
  [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));

/** Requests that two readers of HTTP may cut in different places. `%s` is where a second request would hide. */
export const SMUGGLED: [name: string, head: string[], body: string][] = [
  ['length and chunks', ['Content-Length: 6', 'Transfer-Encoding: chunked'], '0\r\n\r\n%s'],
  ['chunks and length', ['Transfer-Encoding: chunked', 'Content-Length: 4'], '5c\r\n%s\r\n0\r\n\r\n'],
  ['two lengths', ['Content-Length: 0', 'Content-Length: 44'], '%s'],
  ['a list of lengths', ['Content-Length: 0, 44'], '%s'],
  ['a signed length', ['Content-Length: +0'], '%s'],
  ['a hexadecimal length', ['Content-Length: 0x0'], '%s'],
  ['two encodings', ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], '0\r\n\r\n%s'],
  ['an unknown encoding', ['Transfer-Encoding: xchunked'], '0\r\n\r\n%s'],
  ['an encoding after a tab', ['Transfer-Encoding:\tchunked, cow'], '0\r\n\r\n%s'],
  ['a blank before the colon', ['Transfer-Encoding : chunked'], '0\r\n\r\n%s'],
  ['a folded line', ['X-A: b', ' Transfer-Encoding: chunked'], '0\r\n\r\n%s'],
  ['a lone line feed', ['X-A: b\nTransfer-Encoding: chunked'], '0\r\n\r\n%s'],
  ['a lone carriage return', ['X-A: b\rX-C: d'], '%s'],
  ['a NUL', ['X-A: b\0c'], '%s'],
  ['a chunk of a signed size', ['Transfer-Encoding: chunked'], '-1\r\n%s\r\n0\r\n\r\n'],
  ['a chunk of an endless size', ['Transfer-Encoding: chunked'], `${'f'.repeat(40)}\r\n%s`],
  ['no colon', ['X-A'], '%s'],
];

/** One of {@link SMUGGLED}, with the request for `inner` hidden in one for `outer`. */
export function smuggled(head: string[], body: string, outer: string, inner: string, headers: string[] = []): string {
  const hidden = `GET ${inner} HTTP/1.1\r\nHost: h\r\n\r\n`;
  return [`POST ${outer} HTTP/1.1`, 'Host: h', ...headers, ...head, '', body.replace('%s', hidden)].join('\r\n');
}
