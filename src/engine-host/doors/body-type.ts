import type { FastifyReply, FastifyRequest } from 'fastify';
import { JSON_TYPES } from '../../machinery/http/json-bodies.js';
import { refuseBody } from './refused-body.js';

const UNSUPPORTED_MEDIA_TYPE = 415;

/** Refuses a body that is said to be no JSON. Whether it did. */
export async function refuseBodyType(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  if (!hasBody(request)) return false;
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type === undefined || JSON_TYPES.includes(type)) return false;
  await refuseBody(UNSUPPORTED_MEDIA_TYPE, `a body of type ${type} is not read here`, request, reply);
  return true;
}

/** Some clients name a type with every request, also with those that only read. */
const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
