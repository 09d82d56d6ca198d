import {
  ArkError,
  errorText,
  findCondition,
  keyText,
  ModelProviders,
  Next,
  type ObjectKey,
  type Reconcile,
  type ReconcileContext,
  Reconciler,
} from '../../kit/index.js';
import { effectiveProvider, Model, type ModelStatus } from '../../resources/model/model.resource.js';
import { modelReferences } from '../../resources/model/model-references.js';
import { addressOf, type ResolvedModel, resolveModel } from '../../resources/model/resolved-model.js';
import { Duties } from '../duties.js';
import { followValues } from '../follow-values.js';
import { Polls, pollMs } from '../polls.js';
import { ReconcilerSettings } from '../reconciler-settings.js';
import { stableText } from '../stable-text.js';
import { AVAILABLE, type Finding, nextStep, PRICING_INVALID, statusOf, withPricing } from './model-status.checks.js';
import { probeModel } from './probe-model.js';

/** Says whether a Model answers, and asks it again from time to time and whenever its keys or settings change. */
@Reconciler({
  name: 'model-availability',
  kind: Model,
  follows: followValues(modelReferences),
})
export class ModelAvailabilityReconciler implements Reconcile<Model> {
  private readonly polls: Polls<Finding>;

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
      await tell(model, { reason: 'ModelProbeFailed', message: resolved }, context);
      return Next.after(pollMs(model));
    }
    const isNew = !model.status?.conditions?.length && !this.polls.knows(model);
    if (isNew) await tell(model, { reason: 'Initializing' }, context);
    const { config } = resolved;
    const host = hostOf(addressOf(config)) ?? effectiveProvider(model.spec) ?? '';
    const ask = (signal: AbortSignal) => this.ask(model, resolved, signal, context);
    const { answer, next } = this.polls.look(model, { host, askedWith: config, ask }, context);
    if (answer) await tell(model, answer, context);
    else if (!isNew) await tellPricing(model, context);
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
  ): Promise<Finding> {
    const address = addressOf(resolved.config);
    try {
      await probeModel(resolved, this.settings.modelProbeTimeoutMs, signal);
      return { reason: 'Available', address };
    } catch (error) {
      const name = keyText(model.metadata);
      // Errors of vendors' libraries are no bugs of this process, but their stacks help whoever writes providers.
      if (!(error instanceof ArkError)) logger.debug({ model: name, err: error }, 'A probe failed');
      return { reason: 'ModelProbeFailed', message: `${stableText(error)}; ${nextStep(error, model)}`, address };
    }
  }
}

const tell = (model: Model, finding: Finding, context: ReconcileContext): Promise<void> =>
  store(model, statusOf(model, finding, context.now()), context);

/** Annotations change without a new answer of the model. */
async function tellPricing(model: Model, context: ReconcileContext): Promise<void> {
  const { conditions: before = [] } = model.status ?? {};
  const conditions = withPricing(model, before, context.now());
  if (conditions !== before) await store(model, { ...model.status, conditions }, context);
}

/** What is wrong is an Event, too, once for each wording. */
async function store(model: Model, status: ModelStatus, context: ReconcileContext): Promise<void> {
  await context.applyStatus(model, status);
  for (const { type, wrong, reason } of TROUBLES) {
    const before = findCondition(model.status?.conditions, type);
    const now = findCondition(status.conditions, type);
    if (now?.status !== wrong || (before?.status === wrong && before.message === now.message)) continue;
    context.event(model, { type: 'Warning', reason, message: now.message });
  }
}

/** Which status of a condition is trouble, and the reason of its Event. */
const TROUBLES = [
  { type: AVAILABLE, wrong: 'False', reason: 'ModelUnavailable' },
  { type: PRICING_INVALID, wrong: 'True', reason: 'ModelPricingInvalid' },
] as const;

const hostOf = (address: string | undefined): string | undefined =>
  address === undefined ? undefined : URL.parse(address)?.host;
