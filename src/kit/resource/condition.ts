/** A standard Kubernetes condition: one entry per type in `status.conditions`. */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  /** PascalCase cause, 1 to 1024 characters. */
  reason: string;
  /** At most 32768 characters; longer texts are cut by {@link withCondition}. */
  message: string;
  /** RFC 3339; moves only when `status` changes. */
  lastTransitionTime: string;
  /** The `metadata.generation` that was looked at. */
  observedGeneration?: number;
}

/** The API server refuses longer condition messages. */
export const MAX_CONDITION_MESSAGE = 32_768;

/** A condition to be; the time of its transition follows from the one before. */
export type ConditionUpdate = Omit<Condition, 'lastTransitionTime'>;

/**
 * The list with one condition replaced or added. Returns the same list when nothing changed, so that callers can
 * skip the write by identity.
 */
export function withCondition(
  conditions: readonly Condition[] | undefined,
  update: ConditionUpdate,
  now: Date,
): Condition[] {
  const list = conditions ?? [];
  const message = update.message.slice(0, MAX_CONDITION_MESSAGE);
  const before = list.find((condition) => condition.type === update.type);
  const next: Condition = {
    ...update,
    message,
    lastTransitionTime:
      before && before.status === update.status ? before.lastTransitionTime : now.toISOString().replace(/\.\d+Z$/, 'Z'),
  };
  if (before && sameCondition(before, next)) return list as Condition[];
  return before ? list.map((condition) => (condition === before ? next : condition)) : [...list, next];
}

/** The condition of a type; undefined when there is none. */
export function findCondition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

function sameCondition(a: Condition, b: Condition): boolean {
  return (
    a.status === b.status &&
    a.reason === b.reason &&
    a.message === b.message &&
    a.observedGeneration === b.observedGeneration
  );
}
