import type { FastifyReply, FastifyRequest } from 'fastify';
import { JSON_TYPES } from '../../machinery/http/json-bodies.js';
import { refuseBody } from './refused-body.js';

const UNSUPPORTED_MEDIA_TYPE = 415;

/** Refuses a body that is said to be no JSON. Whether it did. */
export async function refuseBodyType(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type === undefined || JSON_TYPES.includes(type)) return false;
  await refuseBody(UNSUPPORTED_MEDIA_TYPE, `a body of type ${type} is not read here`, request, reply);
  return true;
}
