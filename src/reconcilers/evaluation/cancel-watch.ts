import { canceled, type ObjectKey, type ReconcileContext } from '../../kit/index.js';
import { Evaluation } from '../../resources/evaluation/evaluation.resource.js';
import { Query } from '../../resources/query/query.resource.js';

/** The reason of an abort by which an Evaluation ends for good. */
export const CANCEL_REASON = 'EvaluationCanceled';
export const CANCELED = 'The Evaluation was canceled (spec.cancel)';

const LOOK_MS = 250;

/**
 * Aborts while an Evaluation is judged, when somebody cancels it or deletes its Query: its worker is busy with it and
 * hears of no change. Call what is returned at the end.
 */
export function cancelWatch(
  { metadata, spec }: Evaluation,
  context: Pick<ReconcileContext, 'get'>,
  stop: AbortController,
): () => void {
  const { name, namespace = metadata.namespace } = spec.config.queryRef ?? {};
  const key: ObjectKey | undefined = name ? { name, namespace: namespace || metadata.namespace } : undefined;
  const before = key && context.get(Query, key)?.metadata.uid;
  const timer = setInterval(() => {
    if (context.get(Evaluation, metadata)?.spec.cancel) stop.abort(canceled(CANCELED, { reason: CANCEL_REASON }));
    const isGone = key && before !== undefined && context.get(Query, key)?.metadata.uid !== before;
    if (isGone) stop.abort(canceled(`query "${key.namespace}/${key.name}" was deleted`, { reason: CANCEL_REASON }));
  }, LOOK_MS);
  return () => clearInterval(timer);
}
