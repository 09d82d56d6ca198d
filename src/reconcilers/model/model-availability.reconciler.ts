import {
  ArkError,
  type ConditionUpdate,
  errorText,
  findCondition,
  follows,
  keyText,
  ModelProviders,
  Next,
  type ObjectKey,
  type Reconcile,
  type ReconcileContext,
  Reconciler,
  type ResourceClass,
  withCondition,
} from '../../kit/index.js';
import { ConfigMap } from '../../resources/core/config-map.resource.js';
import { Secret } from '../../resources/core/secret.resource.js';
import { Service } from '../../resources/core/service.resource.js';
import { Model, type ModelStatus } from '../../resources/model/model.resource.js';
import { modelReferences } from '../../resources/model/model-references.js';
import { addressOf, type ResolvedModel, resolveModel } from '../../resources/model/resolved-model.js';
import { durationOr } from '../../resources/values/duration.js';
import { ReconcilerSettings } from '../reconciler-settings.js';
import { stableText } from '../stable-text.js';
import { probeModel } from './probe-model.js';
import { ProbeTimes } from './probe-times.js';

const AVAILABLE = 'ModelAvailable';
const DEFAULT_POLL_MS = 60_000;
/** An interval of zero would be a busy loop against somebody's API. */
const SHORTEST_POLL_MS = 1_000;

const readsFrom = (kind: ResourceClass) =>
  follows<Model>(kind, (model) =>
    modelReferences(model)
      .filter((reference) => reference.kind === kind)
      .map(({ key }) => key),
  );

/** Says whether a Model answers, and asks it again from time to time and whenever its keys or settings change. */
@Reconciler({
  name: 'model-availability',
  kind: Model,
  follows: [readsFrom(Secret), readsFrom(ConfigMap), readsFrom(Service)],
  concurrency: 32,
})
export class ModelAvailabilityReconciler implements Reconcile<Model> {
  private readonly probes = new ProbeTimes();

  constructor(
    private readonly providers: ModelProviders,
    private readonly settings: ReconcilerSettings,
  ) {}

  async reconcile(model: Model, context: ReconcileContext): Promise<Next> {
    if (model.metadata.deletionTimestamp) return Next.onChange();
    const uid = model.metadata.uid ?? '';
    const resolved = await this.resolve(model, context);
    if (typeof resolved === 'string') {
      this.probes.forget(uid);
      await tell(model, { problem: resolved }, context);
      return Next.after(pollMs(model));
    }
    const waitMs = this.probes.dueIn(model, resolved.config, context.now());
    if (waitMs > 0) return Next.after(waitMs);
    const problem = await this.ask(model, resolved, context);
    if (context.signal.aborted) return Next.onChange();
    await tell(model, { problem, address: addressOf(resolved.config) }, context);
    return Next.after(this.probes.asked(model, resolved.config, pollMs(model), context.now()));
  }

  forget(_key: ObjectKey, uid: string): void {
    this.probes.forget(uid);
  }

  /** The model with every reference resolved, or what stands in the way. */
  private async resolve(model: Model, context: ReconcileContext): Promise<ResolvedModel | string> {
    try {
      return await resolveModel(model, this.providers, context);
    } catch (error) {
      if (!(error instanceof ArkError)) throw error;
      return errorText(error);
    }
  }

  /** Why the model does not answer, or undefined when it does. */
  private async ask(model: Model, resolved: ResolvedModel, context: ReconcileContext): Promise<string | undefined> {
    try {
      await probeModel(resolved, this.settings.modelProbeTimeoutMs, context.signal);
      return undefined;
    } catch (error) {
      const name = keyText(model.metadata);
      // Errors of vendors' libraries are no bugs of this process, but their stacks help whoever writes providers.
      if (!(error instanceof ArkError)) context.logger.debug({ model: name, err: error }, 'A probe failed');
      return stableText(error);
    }
  }
}

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

/** Up to a tenth more or less, so that many models are not asked at the same moment. */
function pollMs(model: Model): number {
  const interval = Math.max(SHORTEST_POLL_MS, durationOr(model.spec.pollInterval, DEFAULT_POLL_MS));
  return interval * (0.9 + Math.random() * 0.2);
}
