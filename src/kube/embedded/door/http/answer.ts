import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { dump } from 'js-yaml';
import type { Representation } from './accept.js';

/** A whole answer. Texts are sent as they are, so that one serialisation can serve many readers. */
export interface Answer {
  code: number;
  contentType: string;
  body: string | Buffer;
  headers?: Record<string, string>;
}

const JSON_FORM: Representation = { format: 'json', as: 'object', version: 'v1' };
/** The real server compresses from here on. */
const COMPRESS_FROM_BYTES = 128 * 1024;
const compress = promisify(gzip);

/** An answer that carries a JSON value, as JSON or YAML. */
export function valueAnswer(code: number, value: unknown, representation = JSON_FORM): Answer {
  return representation.format === 'yaml'
    ? { code, contentType: 'application/yaml', body: dump(value) }
    : { code, contentType: 'application/json', body: JSON.stringify(value) };
}

/** An answer from JSON text that exists already. */
export function jsonAnswer(code: number, json: string, representation = JSON_FORM): Answer {
  return representation.format === 'yaml'
    ? { code, contentType: 'application/yaml', body: dump(JSON.parse(json)) }
    : { code, contentType: 'application/json', body: json };
}

/** Warnings of the API server as HTTP headers (RFC 7234 §5.5, code 299). */
export function warningHeaders(warnings: Iterable<string>): string[] {
  const texts = [...new Set(warnings)].map((text) => text.replace(/[\r\n]+/g, ' ').slice(0, 1024));
  // Header values are bytes: anything outside printable ASCII would be refused by Node.
  return texts.slice(0, 32).map((text) => `299 - ${JSON.stringify(text).replace(/[^\x20-\x7e]/g, '?')}`);
}

/** Sends an answer, compressed when it is big and the client asked for that. */
export async function send(response: ServerResponse, answer: Answer, acceptEncoding: string): Promise<void> {
  let body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  const headers: Record<string, string> = {
    'content-type': answer.contentType,
    'cache-control': 'no-cache, private',
    'x-content-type-options': 'nosniff',
    ...answer.headers,
  };
  if (body.length >= COMPRESS_FROM_BYTES && /\bgzip\b/.test(acceptEncoding)) {
    body = await compress(body, { level: 1 });
    headers['content-encoding'] = 'gzip';
    headers.vary = 'Accept-Encoding';
  }
  if (response.destroyed || response.headersSent) return;
  response.writeHead(answer.code, { ...headers, 'content-length': String(body.length) });
  response.end(body);
}
