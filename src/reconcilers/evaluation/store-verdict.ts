import { setTimeout as pause } from 'node:timers/promises';
import { ArkError, type ReconcileContext } from '../../kit/index.js';
import { Evaluation, type EvaluationStatus } from '../../resources/evaluation/evaluation.resource.js';
import { EVALUATION_METADATA_PREFIX } from '../../resources/labels.js';
import { isTerminal } from './evaluation-status.js';

const TRIES = 10;
const PAUSE_MS = 50;
/** The name part of an annotation's key. */
const LONGEST_KEY = 63;
/** In characters of up to three bytes: all annotations of an object together may take 256 KiB. */
const LONGEST_VALUE = 800;
const MOST_FACTS = 100;

/** Keeps what an evaluator found beside the score, as annotations; before the end, so that whoever sees it sees them. */
export async function storeFacts(evaluation: Evaluation, facts: Record<string, string>, context: ReconcileContext) {
  const { apiVersion, kind, metadata } = evaluation;
  const { name, namespace, uid } = metadata;
  const annotations = Object.fromEntries(
    Object.entries(facts)
      .slice(0, MOST_FACTS)
      .map(([key, value]) => [`${EVALUATION_METADATA_PREFIX}${keyName(key)}`, value.slice(0, LONGEST_VALUE)]),
  );
  if (Object.keys(annotations).length > 0) {
    await context.apply({ apiVersion, kind, metadata: { name, namespace, uid, annotations } });
  }
}

/**
 * Stores how it ended, also when somebody has changed the object meanwhile.
 *
 * @returns false when there is nothing to end: it was deleted, a peer judges it now, or has ended it
 */
export async function storeEnd(
  claimed: Evaluation,
  end: (current: Evaluation) => EvaluationStatus,
  context: ReconcileContext,
): Promise<boolean> {
  let current = claimed;
  for (let tries = 1; ; tries++) {
    try {
      await context.replaceStatus(current, end(current));
      return true;
    } catch (error) {
      const family = error instanceof ArkError ? error.family : undefined;
      if (family === 'NotFound') return false;
      if (family !== 'Conflict' || tries === TRIES) throw error;
    }
    await pause(PAUSE_MS * tries, undefined, { signal: context.signal });
    const latest = context.get(Evaluation, claimed.metadata);
    if (!latest || latest.metadata.uid !== claimed.metadata.uid || isTerminal(latest)) return false;
    // The cache may still show the time before the claim.
    const claim = latest.status?.claim ?? claimed.status?.claim;
    if (claim?.since !== claimed.status?.claim?.since) return false;
    current = { ...latest, status: { ...claimed.status, ...latest.status } };
  }
}

/** Keys of annotations are words of letters, digits, `.`, `_` and `-`. */
function keyName(key: string): string {
  const name = key.replace(/[^\w.-]+/g, '_').slice(0, LONGEST_KEY);
  return name.replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '') || 'fact';
}
