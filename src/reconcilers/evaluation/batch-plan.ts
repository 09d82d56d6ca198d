import { invalid, type ReconcileContext, unavailable } from '../../kit/index.js';
import { Evaluation, type EvaluationSpec } from '../../resources/evaluation/evaluation.resource.js';
import type { BatchItem, BatchTemplate } from '../../resources/evaluation/evaluation-config.js';
import { Query } from '../../resources/query/query.resource.js';
import { labelsMatch } from '../../resources/shared/label-match.js';

/** A child that a batch is to have. */
export interface PlannedChild {
  name: string;
  spec: EvaluationSpec;
}

/** More than a person can mean; each is an object of its own. */
const MOST_CHILDREN = 1_000;

/**
 * The children of a batch, in order: those written out, one for each finished Query, copies of Evaluations.
 *
 * @throws `Unavailable` while an Evaluation to copy is missing, `Invalid` when there is nobody to judge by or nothing to
 * judge
 */
export function planBatch(batch: Evaluation, context: Pick<ReconcileContext, 'get' | 'list'>): PlannedChild[] {
  const { items = [], template, evaluations = [] } = batch.spec.config;
  const { name, namespace } = batch.metadata;
  const children: PlannedChild[] = [];
  const add = (spec: EvaluationSpec, own?: string) => {
    children.push({ name: own ? `${name}-${own}` : `${name}-child-${children.length}`, spec });
  };
  for (const item of items) add(itemSpec(batch, item), item.name);
  for (const query of template ? chosenQueries(batch, context) : []) {
    if (template) add(templateSpec(template, query), `${template.namePrefix ?? 'query'}-${query.metadata.name}`);
  }
  for (const reference of evaluations) {
    const key = { name: reference.name, namespace: reference.namespace || namespace };
    const found = context.get(Evaluation, key);
    if (!found) throw unavailable(`evaluation "${key.namespace}/${key.name}" of config.evaluations does not exist yet`);
    add(copySpec(batch, found));
  }
  if (children.length === 0) throw unavailable('no finished Query matches config.querySelector yet');
  if (children.length > MOST_CHILDREN) {
    throw invalid(`the batch has ${children.length} children, and ${MOST_CHILDREN} are the most: narrow its selector`);
  }
  const twice = children.find(({ name: each }, i) => children.findIndex((other) => other.name === each) !== i);
  if (twice) throw invalid(`two children of the batch would be called "${twice.name}": rename one of config.items`);
  return children;
}

function itemSpec({ spec }: Evaluation, { type, config, evaluator, ttl, timeout }: BatchItem): EvaluationSpec {
  return { ...limits(spec, { ttl, timeout }), type, evaluator, config };
}

function templateSpec({ type, config, evaluator, parameters }: BatchTemplate, query: Query): EvaluationSpec {
  const { name, namespace } = query.metadata;
  const judge = parameters ? { ...evaluator, parameters: [...(evaluator.parameters ?? []), ...parameters] } : evaluator;
  return { type, evaluator: judge, config: { ...config, queryRef: { ...(config.queryRef ?? {}), name, namespace } } };
}

/** What the parent says of its own wins: that is how the same things are judged by somebody else. */
function copySpec({ spec }: Evaluation, { spec: original, metadata }: Evaluation): EvaluationSpec {
  if (original.type === 'batch') throw invalid(`evaluation "${metadata.name}" is itself a batch, which no batch holds`);
  const { evaluator: own, config } = original;
  const evaluator = spec.evaluator ?? (own && { ...own, namespace: own.namespace || metadata.namespace });
  const queryRef = config.queryRef && {
    ...config.queryRef,
    namespace: config.queryRef.namespace || metadata.namespace,
  };
  const copied = { ...config, ...(queryRef ? { queryRef } : {}) };
  return { ...limits(spec, original), type: original.type, config: copied, ...(evaluator ? { evaluator } : {}) };
}

function limits(parent: EvaluationSpec, own: { ttl?: string; timeout?: string }) {
  return { ttl: own.ttl ?? parent.ttl, timeout: own.timeout ?? parent.timeout };
}

function chosenQueries({ metadata, spec }: Evaluation, context: Pick<ReconcileContext, 'list'>): Query[] {
  return context
    .list(Query, { namespace: metadata.namespace })
    .filter((query) => query.status?.phase === 'done' && labelsMatch(spec.config.querySelector, query.metadata.labels))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}
