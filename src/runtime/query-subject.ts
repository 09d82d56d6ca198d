import { parseBaggage } from '../machinery/observability/tracing/baggage.js';
import type { Subject } from '../machinery/observability/tracing/tracing.js';
import { BAGGAGE, TRACE_PARENT } from '../resources/labels.js';
import type { Query } from '../resources/query/query.resource.js';

const SESSION = 'ark.session.id';

/** What log lines, spans and called services learn of a Query that is worked on. */
export function subjectOf({ metadata, spec, status }: Query): Subject {
  const { name, namespace = '', uid = '' } = metadata;
  const session = spec.sessionId || uid;
  const conversation = spec.conversationId ?? status?.conversationId;
  return {
    facts: { query: `${namespace}/${name}`, session },
    attributes: {
      'query.name': name,
      'query.namespace': namespace,
      [SESSION]: session,
      // What Langfuse and Phoenix gather a session by.
      'session.id': session,
      ...(conversation ? { 'conversation.id': conversation, 'gen_ai.conversation.id': conversation } : {}),
    },
    baggage: {
      ...parseBaggage(metadata.annotations?.[BAGGAGE]),
      [SESSION]: session,
      'ark.query.name': name,
      'ark.query.namespace': namespace,
    },
  };
}

/**
 * The Query with what the headers of whoever asks say of trace and session, for whoever works on it, here or elsewhere.
 *
 * @param headers as the tracing of the request would send them on
 */
export function withTrace(query: Query, { traceparent, baggage }: Record<string, string>): Query {
  if (!traceparent) return query;
  const session = parseBaggage(baggage)[SESSION];
  const annotations = {
    ...query.metadata.annotations,
    [TRACE_PARENT]: traceparent,
    ...(baggage ? { [BAGGAGE]: baggage } : {}),
  };
  const spec = session && !query.spec.sessionId ? { ...query.spec, sessionId: session } : query.spec;
  return { ...query, metadata: { ...query.metadata, annotations }, spec };
}

/** `traceparent` of whoever made the Query. */
export const traceParentOf = ({ metadata }: Query): string | undefined => metadata.annotations?.[TRACE_PARENT];
