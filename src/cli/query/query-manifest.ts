import { randomBytes } from 'node:crypto';
import { ARK_GROUP } from '../cluster/ark-kinds.js';
import type { NameValue, QueryObject, Target } from './query-object.js';

export interface QueryWishes {
  namespace: string;
  input: string;
  parameters?: NameValue[];
  /** As the person wrote it, e.g. `90s`. Absent: the server's default. */
  timeout?: string;
  sessionId?: string;
  conversationId?: string;
}

/** Fields of a stored Query that a re-run takes over. */
const KEPT = ['targets', 'selector', 'memory', 'serviceAccount', 'overrides', 'ttl', 'type', 'target'] as const;
const ANNOTATION = {
  streaming: `${ARK_GROUP}/streaming-enabled`,
  triggeredFrom: `${ARK_GROUP}/triggered-from`,
  fark: `${ARK_GROUP}/fark-created`,
};

/** A new Query for one target. */
export function newQuery(target: Target, wishes: QueryWishes, alias: string): QueryObject {
  return envelope('cli-query', wishes, { target, ...wishedSpec(wishes) }, provenance(alias));
}

/** A new Query that asks again what a stored one asked; what is wished now wins over what was stored. */
export function queryAgain(
  stored: QueryObject,
  wishes: Omit<QueryWishes, 'input'> & { input?: string },
  alias: string,
): QueryObject {
  const kept = Object.fromEntries(
    [...KEPT, 'parameters', 'timeout', 'sessionId', 'conversationId', 'input']
      .map((field) => [field, stored.spec[field]] as const)
      .filter(([, value]) => value !== undefined),
  );
  const { 'kubectl.kubernetes.io/last-applied-configuration': _, ...annotations } = stored.metadata.annotations ?? {};
  const spec = { ...kept, ...wishedSpec(wishes) };
  return envelope('cli-trigger', wishes, spec, {
    ...annotations,
    ...provenance(alias),
    [ANNOTATION.triggeredFrom]: stored.metadata.name,
  });
}

/** `<prefix>-<unix seconds>-<5 random>`: sorts by time, and two in one second do not collide. */
export function queryName(prefix: string, now: number = Date.now(), random: Uint8Array = randomBytes(5)): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  const suffix = [...random].map((byte) => letters[byte % letters.length]).join('');
  return `${prefix}-${Math.floor(now / 1000)}-${suffix}`;
}

function envelope(
  prefix: string,
  wishes: { namespace: string },
  spec: QueryObject['spec'],
  annotations: Record<string, string>,
): QueryObject {
  return {
    apiVersion: `${ARK_GROUP}/v1alpha1`,
    kind: 'Query',
    metadata: { name: queryName(prefix), namespace: wishes.namespace, annotations },
    spec,
  };
}

function wishedSpec(wishes: Omit<QueryWishes, 'input'> & { input?: string }): QueryObject['spec'] {
  const { input, parameters, timeout, sessionId, conversationId } = wishes;
  return {
    ...(input === undefined ? {} : { input }),
    ...(parameters && parameters.length > 0 ? { parameters } : {}),
    ...(timeout ? { timeout } : {}),
    ...(sessionId ? { sessionId } : {}),
    ...(conversationId ? { conversationId } : {}),
  };
}

const provenance = (alias: string): Record<string, string> => ({
  [ANNOTATION.streaming]: 'true',
  ...(alias === 'fark' ? { [ANNOTATION.fark]: 'true' } : {}),
});
