import type { Actor } from '../../kube/api-server/api-server.js';
import type { AccessVerb } from './route-access.js';

/** Who sends a request, once that is proven. */
export interface Caller {
  /** For people and logs, e.g. `key:ci` or `system:serviceaccount:team-a:bot`. */
  readonly name: string;
  /** Tells callers of one name apart, e.g. the public part of a key. Default: the name. */
  readonly id?: string;
  /** Whom the cluster knows them as. Absent: it does not know them. */
  readonly actor?: Actor;
  /** Whether they may do it there; without a namespace: in all of them. */
  may(verb: AccessVerb, namespace: string | undefined): boolean | Promise<boolean>;
  /** Whether the cluster lets them `use` a service account. Absent: it does not know them, so they may not. */
  mayUseAccount?(account: string, namespace: string): Promise<boolean>;
}

const CALLER = Symbol('caller');

/** A request as the guard leaves it. */
interface CalledRequest {
  [CALLER]?: Caller;
}

export function setCaller(request: object, caller: Caller): void {
  (request as CalledRequest)[CALLER] = caller;
}

/** Absent where nobody asked who it is. */
export const callerOf = (request: object): Caller | undefined => (request as CalledRequest)[CALLER];
