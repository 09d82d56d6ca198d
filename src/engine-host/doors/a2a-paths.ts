import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Where cards are, below an endpoint: the path of today, and that of protocol 0.2. */
export const CARDS = ['.well-known/agent-card.json', '.well-known/agent.json'];
const METHOD_NOT_ALLOWED = 405;

/**
 * The path of a request below the mount at `path`, without a slash at its start: decoded, but for a slash and a per cent
 * sign within a segment, which stay escaped. {@link segmentText} reads those.
 */
export const tailOf = (request: FastifyRequest, path: string): string =>
  (request.url.split('?')[0] ?? '')
    .split('/')
    // By segments: an escaped letter in the mount is longer than the letter.
    .slice(path.split('/').length)
    .map((segment) => decodeURIComponent(segment).replaceAll('%', '%25').replaceAll('/', '%2F'))
    .join('/')
    .replace(/^\/+/, '');

/** A segment of what {@link tailOf} gives, as it is meant. */
export const segmentText = decodeURIComponent;

/** Seconds a client may go on with a card it has; after that it asks whether there is another. */
const CARD_COUNTS_SECONDS = 30;

/** @param card as JSON text */
export async function sendCard(request: FastifyRequest, reply: FastifyReply, card: string): Promise<void> {
  const tag = `"${createHash('sha256').update(card).digest('base64url')}"`;
  // What one caller may see is no caller's business who shares a cache with them.
  void reply.header('cache-control', `private, max-age=${CARD_COUNTS_SECONDS}`).header('etag', tag);
  if (request.headers['if-none-match']?.includes(tag)) await reply.status(304).send();
  else await reply.type('application/json').send(card);
}

export async function refuseMethod(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const detail = `${request.method} is not served here: POST JSON-RPC requests, or GET .well-known/agent-card.json`;
  const problem = { type: 'about:blank', title: 'Method not allowed', status: METHOD_NOT_ALLOWED, detail };
  await reply
    .status(METHOD_NOT_ALLOWED)
    .header('allow', 'POST')
    .type('application/problem+json')
    .send(JSON.stringify(problem));
}
