import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { announcedBytes, leaveBodyUnread } from '../machinery/http/bodies-under-way.js';
import { accessOfRoute, type RouteAccess } from '../machinery/http/route-access.js';

/** Throws where a request may not enter its route. */
export type Admission = (
  request: FastifyRequest,
  reply: FastifyReply,
  access: RouteAccess | undefined,
) => Promise<void> | void;

/** Reading and parsing so much costs no more than answering, and clients of JSON-RPC want their id back. */
const SMALL_BYTES = 16 * 1024;

/** What came of an admission; absent: nobody was asked. */
const ADMISSION = Symbol('admission');
interface AskedRequest {
  [ADMISSION]?: { refusal?: unknown };
}

/**
 * Asks about every request before its body is read: who may not enter must cost nothing. After the hooks that let
 * browsers read a refusal.
 */
export function askBeforeBodies(host: HttpAdapterHost, admit: Admission): void {
  host.httpAdapter.getInstance<FastifyInstance>().addHook('preParsing', async (request, reply) => {
    const asked = request as AskedRequest;
    try {
      if (!request.is404) await admit(request, reply, accessOfRoute(request));
      asked[ADMISSION] = {};
    } catch (refusal) {
      asked[ADMISSION] = { refusal };
    }
    const isRefused = request.is404 || asked[ADMISSION].refusal !== undefined;
    if (isRefused && announcedBytes(request.headers) > SMALL_BYTES) leaveBodyUnread(request);
  });
}

/**
 * Throws what {@link askBeforeBodies} found, where the route's own words for errors are known.
 *
 * @returns whether the request was asked about at all
 */
export function passAdmission(request: FastifyRequest): boolean {
  const admission = (request as AskedRequest)[ADMISSION];
  if (admission?.refusal !== undefined) throw admission.refusal;
  return admission !== undefined;
}
