import { A2A_VERSION_HEADER, Extensions, HTTP_EXTENSION_HEADER } from '@a2a-js/sdk';
import { LEGACY_HTTP_EXTENSION_HEADER } from '@a2a-js/sdk/compat/v0_3';
import { ServerCallContext, UnauthenticatedUser, type User } from '@a2a-js/sdk/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { canceled } from '../../kit/index.js';
import { callerOf } from '../../machinery/http/caller.js';
import { withEngineCall } from '../execution/engine-call.js';
import type { A2aEndpoint } from './a2a-endpoint.js';

/** One HTTP request to something that is reached over A2A. */
export interface Exchange {
  endpoint: A2aEndpoint;
  request: FastifyRequest;
  reply: FastifyReply;
  /** The path below the endpoint's own, without a slash at its start; empty for the endpoint itself. */
  tail: string;
  /** Where the client reached the endpoint, as cards name it; absent where no card needs it. */
  url?(): string;
}

export function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(',') : value;
}

/**
 * The protocol version a client asks for; absent when it does not say. An empty one means 0.3, and the number of a patch
 * means nothing.
 */
export function askedVersion(request: FastifyRequest): string | undefined {
  const version = headerOf(request, A2A_VERSION_HEADER)?.trim();
  return version === '' ? '0.3' : version?.replace(/^(\d+\.\d+)\.\d+$/, '$1');
}

/**
 * The SDK's context of a call. When the client hangs up before it has its answer, the call is canceled; a stream goes
 * on, because its task can be picked up again, unless it only shows what goes on without it.
 */
export function callContext({ endpoint, request, reply, url }: Exchange, version: string): ServerCallContext {
  const extensions = headerOf(request, HTTP_EXTENSION_HEADER) ?? headerOf(request, LEGACY_HTTP_EXTENSION_HEADER);
  const context = new ServerCallContext({
    requestedExtensions: Extensions.parseServiceParameter(extensions),
    user: userOf(request),
    tenant: endpoint.tenant,
    requestedVersion: version,
  });
  const gone = new AbortController();
  const { raw } = reply;
  raw.once('close', () => {
    // An answer that was sent whole ends the same way.
    if (raw.writableFinished) return;
    if (endpoint.streamsFollow || !raw.headersSent) gone.abort(canceled('the client closed the connection'));
  });
  const signal = endpoint.leaving ? AbortSignal.any([gone.signal, endpoint.leaving]) : gone.signal;
  return withEngineCall(context, { signal, ...(url ? { url } : {}) });
}

/** Who sent the request, for the operations behind the door. */
function userOf(request: FastifyRequest): User {
  const name = callerOf(request)?.name;
  return name === undefined ? new UnauthenticatedUser() : { isAuthenticated: true, userName: name };
}

/** Tells the client which extensions took part. */
export function sayExtensions(reply: FastifyReply, context: ServerCallContext, legacy: boolean): void {
  const activated = context.activatedExtensions;
  if (!activated?.length) return;
  void reply.header(legacy ? LEGACY_HTTP_EXTENSION_HEADER : HTTP_EXTENSION_HEADER, activated.join(', '));
}
