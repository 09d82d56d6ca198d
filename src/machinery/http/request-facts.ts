import type { AccessVerb } from './route-access.js';

/** What is known of a request beside what it says itself, for who writes it down. */
export interface RequestFacts {
  /** What its route lets callers do. Absent for routes that are open to all. */
  verb?: AccessVerb;
  traceId?: string;
  /** The operation of A2A that a JSON-RPC door found for it, e.g. `message/send`. Doors write it, never a body. */
  operation?: string;
  /** The object that came of it or was changed by it, e.g. `queries/team-a/q-1`. */
  object?: string;
  /** The code of an error that was answered with status 200, as JSON-RPC does. */
  errorCode?: number;
}

const FACTS = Symbol('facts');

/** The facts of a request, to read and to add to. */
export function factsOf(request: object): RequestFacts {
  const holder = request as { [FACTS]?: RequestFacts };
  holder[FACTS] ??= {};
  return holder[FACTS];
}
