import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DoorChange } from '../../kube/door-changes.js';
import { callerOf } from '../../machinery/http/caller.js';
import { factsOf } from '../../machinery/http/request-facts.js';
import { withoutKeys } from '../../machinery/http/without-keys.js';

/** One line of the audit log. No bodies, no headers, no query strings: they may hold secrets. */
export interface AuditEntry {
  audit: 1;
  time: string;
  /** Absent: the request proved nobody. */
  caller?: string;
  /** The public part of an API key; names need not differ. */
  callerId?: string;
  /** In whose name, where a client of the embedded API server says so. */
  as?: string;
  address: string;
  /** What the route is for: use, change or administer; at the embedded API server create, update, patch, delete or deletecollection. */
  verb: string;
  method: string;
  route: string;
  /** The operation of A2A that a JSON-RPC door did, e.g. `message/send`. */
  operation?: string;
  /** What the path and `?namespace=` name. */
  target: Record<string, string>;
  /** What came of it, e.g. `queries/team-a/q-1`. */
  object?: string;
  outcome: 'done' | 'denied' | 'failed';
  status: number;
  /** Of a JSON-RPC error. */
  error?: number;
  traceId?: string;
}

/** Operations of A2A, in both generations, that change nothing. */
const READING =
  /^(tasks\/(get|list|resubscribe|pushNotificationConfig\/(get|list))|agent\/\w+|Get\w+|List\w+|SubscribeToTask)$/;
const DENIED = [401, 403];
/** A client that does not stop is told so; writing down each time would be what it is stopped from. */
const TOO_MANY = 429;

/** What is written about a request; undefined for one that changes nothing. */
export function auditEntry(request: FastifyRequest, reply: FastifyReply, now: Date): AuditEntry | undefined {
  const { verb, traceId, object, errorCode, operation } = factsOf(request);
  const status = reply.statusCode;
  if (verb === undefined || verb === 'read' || status === TOO_MANY) return undefined;
  if (operation !== undefined && READING.test(operation)) return undefined;
  const caller = callerOf(request);
  return {
    audit: 1,
    time: now.toISOString(),
    ...(caller ? { caller: caller.name, ...(caller.id ? { callerId: caller.id } : {}) } : {}),
    address: request.ip,
    verb,
    method: request.method,
    route: request.routeOptions.url ?? '',
    ...(operation === undefined ? {} : { operation }),
    target: targetOf(request),
    ...(object === undefined ? {} : { object }),
    outcome: outcomeOf(status, errorCode),
    status,
    ...(errorCode === undefined ? {} : { error: errorCode }),
    ...(traceId === undefined ? {} : { traceId }),
  };
}

/** What is written about a change through the door of the embedded API server. */
export function doorEntry(change: DoorChange, now: Date): AuditEntry {
  const { user, as, address, verb, method, route, resource, namespace, name, code } = change;
  return {
    audit: 1,
    time: now.toISOString(),
    ...(user === undefined ? {} : { caller: user }),
    ...(as === undefined ? {} : { as }),
    address,
    verb,
    method,
    route,
    target: { ...(namespace === undefined ? {} : { namespace }), ...(name === undefined ? {} : { name }) },
    ...(name === undefined ? {} : { object: [resource, namespace, name].filter(Boolean).join('/') }),
    outcome: outcomeOf(code),
    status: code,
  };
}

const outcomeOf = (status: number, errorCode?: number): AuditEntry['outcome'] =>
  DENIED.includes(status) ? 'denied' : status < 400 && errorCode === undefined ? 'done' : 'failed';

function targetOf({ params, query }: FastifyRequest): Record<string, string> {
  const { namespace } = (query ?? {}) as { namespace?: unknown };
  return {
    ...(typeof namespace === 'string' ? { namespace: withoutKeys(namespace).slice(0, 63) } : {}),
    ...Object.fromEntries(
      Object.entries(params as Record<string, string>).map(([name, value]) => [name, withoutKeys(value)]),
    ),
  };
}
