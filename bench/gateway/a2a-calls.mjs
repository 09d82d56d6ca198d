import { randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';
import { inParallel, percentile, timed } from '../harness/statistics.mjs';

/** Connections for many streams at once. Idle ones go soon, so that they keep no program from ending. */
export const dispatcher = new Agent({ connections: 2_000, bodyTimeout: 0, headersTimeout: 0, keepAliveTimeout: 4_000 });

const body = (method, text) => ({
  jsonrpc: '2.0',
  id: 1,
  method,
  params: { message: { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text }] } },
});

function post(url, method, text) {
  const headers = { 'content-type': 'application/json', 'a2a-version': '1.0' };
  return request(url, { method: 'POST', dispatcher, headers, body: JSON.stringify(body(method, text)) });
}

export async function send(url) {
  const response = await post(url, 'SendMessage', 'hello');
  const text = await response.body.text();
  if (response.statusCode !== 200 || text.includes('"error"')) throw new Error(`${url}: ${text}`);
}

/** Calls back at each chunk of a stream that holds a piece of the answer; resolves with all of it. */
export async function stream(url, text, onPiece) {
  const response = await post(url, 'SendStreamingMessage', text);
  let heard = '';
  for await (const chunk of response.body) {
    heard += chunk;
    if (heard.includes('artifactUpdate')) onPiece();
  }
  return heard;
}

/** Milliseconds for each call, with so many at once. */
export async function latencies(width, count, call) {
  const times = [];
  await inParallel(count, width, async () => {
    times.push((await timed(call)).ms);
  });
  return percentile(times, 0.5);
}
