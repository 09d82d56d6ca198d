import type { Subject } from '../machinery/observability/tracing/tracing.js';
import { TRACE_PARENT } from '../resources/labels.js';
import type { Query } from '../resources/query/query.resource.js';

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
      'ark.session.id': session,
      // What Langfuse and Phoenix gather a session by.
      'session.id': session,
      ...(conversation ? { 'conversation.id': conversation, 'gen_ai.conversation.id': conversation } : {}),
    },
    baggage: { 'ark.session.id': session, 'ark.query.name': name, 'ark.query.namespace': namespace },
  };
}

/** `traceparent` of whoever made the Query. */
export const traceParentOf = ({ metadata }: Query): string | undefined => metadata.annotations?.[TRACE_PARENT];
