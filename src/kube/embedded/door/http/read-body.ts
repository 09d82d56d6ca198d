import type { IncomingMessage } from 'node:http';
import { StatusError } from '../../../api-server/status.js';

/** Bodies of the API server end here; it is the limit of the real one. */
export const MAX_BODY_BYTES = 3 * 1024 * 1024;

/** The whole body. Throws RequestEntityTooLarge above the limit and BadRequest when the client goes away. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding && encoding !== 'identity') {
    const message = `content encoding ${JSON.stringify(encoding)} is not supported: send the body without it`;
    throw new StatusError('UnsupportedMediaType', message);
  }
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (StatusError.is(error)) throw error;
    throw new StatusError('BadRequest', 'the body of the request ended early');
  }
  return Buffer.concat(chunks);
}

function tooLarge(): StatusError {
  return new StatusError('RequestEntityTooLarge', `Request entity too large: limit is ${MAX_BODY_BYTES}`);
}
