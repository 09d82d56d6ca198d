import {
  ArkError,
  type ConditionUpdate,
  errorText,
  findCondition,
  keyText,
  ModelProviders,
  Next,
  type ObjectKey,
  type Reconcile,
  type ReconcileContext,
  Reconciler,
  withCondition,
} from '../../kit/index.js';
import { effectiveProvider, Model, type ModelStatus } from '../../resources/model/model.resource.js';
import { modelReferences } from '../../resources/model/model-references.js';
import { addressOf, type ResolvedModel, resolveModel } from '../../resources/model/resolved-model.js';
import { Duties } from '../duties.js';
import { followValues } from '../follow-values.js';
import { Polls, pollMs } from '../polls.js';
import { ReconcilerSettings } from '../reconciler-settings.js';
import { stableText } from '../stable-text.js';
import { probeModel } from './probe-model.js';

const AVAILABLE = 'ModelAvailable';

/** Says whether a Model answers, and asks it again from time to time and whenever its keys or settings change. */
@Reconciler({
  name: 'model-availability',
  kind: Model,
  follows: followValues(modelReferences),
})
export class ModelAvailabilityReconciler implements Reconcile<Model> {
  private readonly polls: Polls<Findings>;

  constructor(
    private readonly providers: ModelProviders,
    private readonly settings: ReconcilerSettings,
    duties: Duties,
  ) {
    this.polls = new Polls(duties);
  }

  async reconcile(model: Model, context: ReconcileContext): Promise<Next> {
    if (model.metadata.deletionTimestamp) return Next.onChange();
    const othersDuty = this.polls.othersDuty(model);
    if (othersDuty) return othersDuty;
    const resolved = await this.resolve(model, context);
    if (typeof resolved === 'string') {
      this.polls.forget(model.metadata.uid ?? '');
      await tell(model, { problem: resolved }, context);
      return Next.after(pollMs(model));
    }
    const { config } = resolved;
    const host = hostOf(addressOf(config)) ?? effectiveProvider(model.spec) ?? '';
    const ask = (signal: AbortSignal) => this.ask(model, resolved, signal, context);
    const { answer, next } = this.polls.look(model, { host, askedWith: config, ask }, context);
    if (answer) await tell(model, answer, context);
    return next;
  }

  forget(_key: ObjectKey, uid: string): void {
    this.polls.forget(uid);
  }

  /** The model with every reference resolved, or what stands in the way. */
  private async resolve(model: Model, context: ReconcileContext): Promise<ResolvedModel | string> {
    try {
      return await resolveModel(model, this.providers, context, {
        loopback: this.settings.kubernetes !== 'in-cluster',
      });
    } catch (error) {
      if (!(error instanceof ArkError)) throw error;
      return errorText(error);
    }
  }

  private async ask(
    model: Model,
    resolved: ResolvedModel,
    signal: AbortSignal,
    { logger }: ReconcileContext,
  ): Promise<Findings> {
    const address = addressOf(resolved.config);
    try {
      await probeModel(resolved, this.settings.modelProbeTimeoutMs, signal);
      return { address };
    } catch (error) {
      const name = keyText(model.metadata);
      // Errors of vendors' libraries are no bugs of this process, but their stacks help whoever writes providers.
      if (!(error instanceof ArkError)) logger.debug({ model: name, err: error }, 'A probe failed');
      return { problem: stableText(error), address };
    }
  }
}

/** What asking a model came to. */
interface Findings {
  address?: string;
  problem?: string;
}

async function tell(model: Model, { address, problem }: Findings, context: ReconcileContext): Promise<void> {
  const before = findCondition(model.status?.conditions, AVAILABLE);
  const update: ConditionUpdate = {
    type: AVAILABLE,
    status: problem === undefined ? 'True' : 'False',
    reason: problem === undefined ? 'Available' : 'ModelProbeFailed',
    message: problem ?? 'The model answers',
    observedGeneration: model.metadata.generation,
  };
  const status: ModelStatus = {
    conditions: withCondition(before ? [before] : [], update, context.now()),
    phase: problem === undefined ? 'ready' : 'error',
    message: update.message,
    ...(address === undefined ? {} : { resolvedAddress: address }),
  };
  await context.applyStatus(model, status);
  if (problem !== undefined && (before?.status !== 'False' || before.message !== problem)) {
    context.event(model, { type: 'Warning', reason: 'ModelUnavailable', message: problem });
  }
}

const hostOf = (address: string | undefined): string | undefined =>
  address === undefined ? undefined : URL.parse(address)?.host;
