import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  ArkError,
  type EgressRules,
  type EvaluationContext,
  type EvaluationRequest,
  Evaluators,
  invalid,
  keyText,
  Metrics,
  type ModelClient,
  ModelProviders,
  notFound,
  type SpanAttributes,
  unavailable,
} from '../../kit/index.js';
import { RootLogger } from '../../machinery/observability/root-logger.js';
import { Tracing } from '../../machinery/observability/tracing/tracing.js';
import { Settings } from '../../machinery/settings/settings.js';
import {
  EvaluationRunner,
  type PreparedEvaluation,
  type Verdict,
} from '../../reconcilers/evaluation/evaluation-runner.js';
import type { Evaluation, EvaluationSpec } from '../../resources/evaluation/evaluation.resource.js';
import { MODEL_NAME, MODEL_NAMESPACE } from '../../resources/evaluator/evaluator.admission.js';
import { Evaluator } from '../../resources/evaluator/evaluator.resource.js';
import { evaluatorAddress, notInstalled } from '../../resources/evaluator/evaluator-address.js';
import { effectiveProvider, Model } from '../../resources/model/model.resource.js';
import { readPrices } from '../../resources/model/model-prices.js';
import { resolveModel } from '../../resources/model/resolved-model.js';
import { resolveParameters } from '../../resources/values/resolve-parameters.js';
import { resolveValue } from '../../resources/values/resolve-value.js';
import { TakenSecrets } from '../../resources/values/taken-secrets.js';
import { ModelMetrics } from '../models/model-metrics.js';
import { ObservedModel } from '../models/observed-model.js';
import { Objects } from '../objects.js';
import { type EvaluationSubject, evaluationSubject } from './evaluation-subject.js';
import { ForeignEvaluators } from './foreign-evaluator.js';
import { pluginJudgement } from './plugin-judgement.js';
import { passMarkOf } from './score.js';

/** Pauses before a failed evaluator is asked again. */
const PAUSES_MS = [500, 2_000];

/** Who asks for a judgement, and how it is to be made. */
export interface Asked {
  /** The evaluator's name in messages. */
  name: string;
  namespace: string;
  parameters: Record<string, string>;
}

type Judge = (signal: AbortSignal) => Promise<Verdict>;

/** Brings Evaluations to evaluators: those of this process, and services. */
@Injectable()
export class Evaluations extends EvaluationRunner {
  private readonly egress: EgressRules;
  private readonly foreign: ForeignEvaluators;
  private readonly metrics: ModelMetrics;

  constructor(
    private readonly objects: Objects,
    private readonly evaluators: Evaluators,
    private readonly providers: ModelProviders,
    private readonly logger: RootLogger,
    { kubernetes }: Settings,
    metrics: Metrics,
    private readonly tracing: Tracing,
  ) {
    super();
    this.metrics = new ModelMetrics(metrics);
    // In a cluster this machine is the runtime's own pod, which no resource has a reason to call.
    this.egress = { loopback: kubernetes !== 'in-cluster' };
    this.foreign = new ForeignEvaluators(this.egress);
  }

  async prepare(evaluation: Evaluation): Promise<PreparedEvaluation> {
    const { namespace = '' } = evaluation.metadata;
    const evaluator = await this.evaluatorOf(evaluation);
    const taken = new TakenSecrets(this.objects);
    const parameters: Record<string, string> = {
      [MODEL_NAMESPACE]: namespace,
      ...(await resolveParameters(evaluator.spec.parameters, evaluator.metadata.namespace ?? '', taken)),
      ...(await resolveParameters(evaluation.spec.evaluator?.parameters, namespace, taken)),
    };
    const subject = await evaluationSubject(evaluation, parameters, this.objects);
    const judge = await this.judgeOf(evaluator, { namespace, parameters, taken }, subject);
    return { run: (signal) => again(judge, signal) };
  }

  /**
   * Has an evaluator of this process judge what no Evaluation object stands for.
   *
   * @throws what `prepare` throws, and what the evaluator throws
   */
  async judge(plugin: string, spec: Pick<EvaluationSpec, 'type' | 'config'>, asked: Asked, signal: AbortSignal) {
    const { namespace, parameters } = asked;
    const {
      wireConfig: _config,
      wireParameters: _parameters,
      ...subject
    } = await evaluationSubject(
      { metadata: { namespace }, spec },
      { [MODEL_NAMESPACE]: namespace, ...parameters },
      this.objects,
    );
    return this.ownJudge(plugin, asked, subject)(signal);
  }

  /** Evaluations are worked on while the process ends. */
  async onApplicationShutdown(): Promise<void> {
    await this.foreign.close();
  }

  private async evaluatorOf({ metadata, spec }: Evaluation): Promise<Evaluator> {
    if (!spec.evaluator) throw invalid('spec.evaluator is missing: write the name of an Evaluator');
    const key = { namespace: spec.evaluator.namespace || metadata.namespace, name: spec.evaluator.name };
    const evaluator = await this.objects.get(Evaluator, key);
    if (!evaluator) throw notFound(`evaluator "${keyText(key)}" does not exist`);
    const { phase, message } = evaluator.status ?? {};
    if (phase === 'error') throw unavailable(`evaluator "${keyText(key)}" is not ready: ${message}`);
    return evaluator;
  }

  private async judgeOf(
    { metadata, spec }: Evaluator,
    { namespace, parameters, taken }: Pick<Asked, 'namespace' | 'parameters'> & { taken: TakenSecrets },
    { wireConfig, wireParameters, ...subject }: EvaluationSubject,
  ): Promise<Judge> {
    const address = evaluatorAddress((await resolveValue(spec.address, metadata.namespace ?? '', taken)) ?? '');
    const { name } = metadata;
    if ('url' in address) {
      const body = { type: subject.type, config: wireConfig, parameters: { ...wireParameters, ...parameters } };
      return (signal) => this.foreign.judge(address.url, { ...body, evaluatorName: name }, signal, taken.texts);
    }
    return this.ownJudge(address.plugin, { name, namespace, parameters }, subject);
  }

  private ownJudge(
    plugin: string,
    { name, namespace, parameters }: Asked,
    subject: Omit<EvaluationSubject, 'wireConfig' | 'wireParameters'>,
  ): Judge {
    const installed = this.evaluators.get(plugin);
    if (!installed) throw notInstalled(plugin, this.evaluators.names());
    const passMark = passMarkOf(parameters);
    const request: EvaluationRequest = { ...subject, evaluator: name, namespace, parameters, passMark };
    const judge = (signal: AbortSignal) => pluginJudgement(installed, request, this.contextFor(request, signal));
    return (signal) => this.tracing.span(`evaluate ${name}`, () => judge(signal), spanAttributes(request));
  }

  private contextFor({ parameters, evaluator, namespace }: EvaluationRequest, signal: AbortSignal): EvaluationContext {
    const key = { name: parameters[MODEL_NAME] || 'default', namespace: parameters[MODEL_NAMESPACE] || namespace };
    const model = async (): Promise<ModelClient> => {
      const found = await this.objects.need(Model, key, `evaluator '${evaluator}'`);
      const { provider, config } = await resolveModel(found, this.providers, this.objects, this.egress);
      const spender = { namespace, agent: `evaluator/${evaluator}`, model: config.model };
      return new ObservedModel(provider.open(config), {
        provider: effectiveProvider(found.spec) ?? '',
        prices: readPrices(found.metadata.annotations).prices,
        ...{ metrics: this.metrics, tracing: this.tracing },
        onUsage: (usage) => this.metrics.spent(spender, usage),
      });
    };
    return { signal, logger: this.logger.child({ evaluator }), model };
  }
}

const spanAttributes = ({ evaluator, type, run }: EvaluationRequest): SpanAttributes => ({
  'openinference.span.kind': 'EVALUATOR',
  'ark.evaluator': evaluator,
  'ark.evaluation.type': type,
  ...(run ? { 'query.name': run.name, 'query.namespace': run.namespace } : {}),
});

/** Asks again when the evaluator fails in a way that may pass. */
async function again(judge: Judge, signal: AbortSignal): Promise<Verdict> {
  for (const wait of PAUSES_MS) {
    try {
      return await judge(signal);
    } catch (error) {
      if (!(error instanceof ArkError) || error.family !== 'Unavailable') throw error;
      signal.throwIfAborted();
      await pause(wait, undefined, { signal });
    }
  }
  return judge(signal);
}
