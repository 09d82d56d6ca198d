import {
  type EvaluatedRun,
  type EvaluationRequest,
  type EvaluationRule,
  type Exchange,
  invalid,
} from '../../kit/index.js';
import type { Evaluation } from '../../resources/evaluation/evaluation.resource.js';
import type { Objects } from '../objects.js';
import { evaluatedQuery, needsAnswer } from './evaluated-query.js';

/** What an Evaluation is about, for evaluators of this process and for services. */
export interface EvaluationSubject {
  type: EvaluationRequest['type'];
  exchange: Exchange;
  run?: EvaluatedRun;
  rules: EvaluationRule[];
  /** `config` of the request to a service. */
  wireConfig: object;
  /** Parameters that a service gets besides; those that somebody wrote win. */
  wireParameters: Record<string, string>;
}

/**
 * Reads what is to be judged.
 *
 * @throws `NotFound` and `Unavailable` while a Query is missing or goes on, `Invalid` when the config lacks something
 */
export async function evaluationSubject(
  {
    metadata,
    spec,
  }: { metadata: Pick<Evaluation['metadata'], 'namespace'>; spec: Pick<Evaluation['spec'], 'type' | 'config'> },
  parameters: Record<string, string>,
  objects: Objects,
): Promise<EvaluationSubject> {
  const { type = 'direct', config } = spec;
  const { input = '', output = '', rules = [], queryRef } = config;
  const nothing = { exchange: { input: '', output: '' }, rules, wireConfig: {}, wireParameters: {} };
  if (type === 'baseline') return { ...nothing, type };
  if (type === 'direct') {
    const { context } = parameters;
    return {
      ...nothing,
      type,
      exchange: { input, output, ...(context ? { context } : {}) },
      wireConfig: { input, output },
    };
  }
  if (type === 'batch') throw invalid('a batch is judged by its children');
  const name = queryRef?.name ?? parameters['query.name'];
  const namespace = queryRef?.namespace || parameters['query.namespace'] || metadata.namespace || '';
  if (!name) throw invalid(`type ${type} needs config.queryRef, or the parameter query.name`);
  const query = await evaluatedQuery({ namespace, name }, queryRef?.responseTarget, objects);
  const { exchange, run } = query;
  if (parameters.context) exchange.context = parameters.context;
  if (type === 'event') {
    const wireParameters = { 'query.name': name, 'query.namespace': namespace };
    return { type, exchange, run, rules, wireConfig: { rules }, wireParameters };
  }
  needsAnswer(query);
  const found: Record<string, string> = exchange.context
    ? { 'evaluation.context': exchange.context, 'evaluation.context_source': 'parameters' }
    : {};
  const wireConfig = { queryRef: { name, namespace, responseTarget: queryRef?.responseTarget ?? '' } };
  return { type, exchange, run, rules, wireConfig, wireParameters: { queryRef: `${namespace}/${name}`, ...found } };
}
