import type { FastifyRequest } from 'fastify';
import { errorText } from '../../kit/index.js';
import { shapeProblem } from './json-shape.js';
import { hasTooManyValues, MOST_VALUES } from './json-values.js';

/** The types of bodies that hold JSON. */
export const JSON_TYPES = ['application/json', 'application/a2a+json'];

/** A body that is no JSON, or none that can be worked with, on its way to a door that answers it in its own protocol. */
export class UnreadableBody {
  constructor(readonly message: string) {}
}

type Done = (error: Error | null, body?: unknown) => void;

/**
 * A parser of JSON bodies. An empty body is legal: A2A's REST clients post `tasks/x:cancel` with a content type and no
 * bytes. Text that is no JSON is refused with 400, or becomes an {@link UnreadableBody} where the door wants it so.
 */
export function jsonParser(wantsUnreadable: (url: string) => boolean) {
  return (request: Pick<FastifyRequest, 'url'>, body: Buffer, done: Done): void => {
    const value = read(body);
    if (!(value instanceof UnreadableBody) || wantsUnreadable(request.url)) done(null, value);
    else done(Object.assign(new Error(value.message), { statusCode: 400 }));
  };
}

function read(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  if (hasTooManyValues(body)) return new UnreadableBody(`the body is refused: it has more than ${MOST_VALUES} values`);
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    const problem = shapeProblem(value);
    return problem === undefined ? value : new UnreadableBody(`the body is refused: ${problem}`);
  } catch (error) {
    return new UnreadableBody(`the body is not JSON: ${errorText(error)}`);
  }
}
