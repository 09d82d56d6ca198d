import { ArkError, type Condition, type ConditionUpdate, findCondition, withCondition } from '../../kit/index.js';
import { effectiveProvider, type Model, type ModelStatus } from '../../resources/model/model.resource.js';
import { readPrices } from '../../resources/model/model-prices.js';
import type { ValueSource } from '../../resources/shared/value-source.js';
import { statusAddress } from '../../resources/values/address.js';
import { formatDuration } from '../../resources/values/duration.js';
import { pollInterval } from '../polls.js';

export const AVAILABLE = 'ModelAvailable';
/** True when the annotations of prices cannot be read; absent on a Model that never had such. */
export const PRICING_INVALID = 'PricingInvalid';

/** What looking at a model came to. */
export type Finding =
  | { reason: 'Initializing' }
  | { reason: 'Available'; address?: string }
  | { reason: 'ModelProbeFailed'; address?: string; message: string };

const STATUS = { Initializing: 'Unknown', Available: 'True', ModelProbeFailed: 'False' } as const;
const MESSAGE = { Initializing: 'The model is asked whether it answers', Available: 'The model answers' } as const;

/** The status that follows from a finding, in every spelling that readers look for. */
export function statusOf(model: Model, finding: Finding, now: Date): ModelStatus {
  const { reason } = finding;
  const status = STATUS[reason];
  const message = finding.reason === 'ModelProbeFailed' ? finding.message : MESSAGE[finding.reason];
  const update = { type: AVAILABLE, status, reason, message, observedGeneration: model.metadata.generation };
  const conditions = withPricing(model, withCondition(model.status?.conditions, update, now), now);
  if (finding.reason === 'Initializing') return { conditions };
  const { address } = finding;
  return {
    conditions,
    phase: status === 'True' ? 'ready' : 'error',
    message,
    ...(address === undefined ? {} : { resolvedAddress: statusAddress(addressSource(model), address) }),
  };
}

/** The conditions with what there is to say of prices; the same list when that stands there. */
export function withPricing(model: Model, conditions: Condition[], now: Date): Condition[] {
  const { problem } = readPrices(model.metadata.annotations);
  if (problem === undefined && !findCondition(conditions, PRICING_INVALID)) return conditions;
  const { generation: observedGeneration } = model.metadata;
  const update: ConditionUpdate =
    problem === undefined
      ? { type: PRICING_INVALID, status: 'False', reason: 'PricesReadable', message: 'No price is wrong' }
      : {
          type: PRICING_INVALID,
          status: 'True',
          reason: 'AnnotationInvalid',
          message: `${problem}; no cost is counted`,
        };
  return withCondition(conditions, { ...update, observedGeneration }, now);
}

/** Where a Model's address is read. */
function addressSource({ spec }: Model): ValueSource | undefined {
  const { baseUrl } = (spec.config?.[effectiveProvider(spec) ?? ''] ?? {}) as { baseUrl?: ValueSource };
  return baseUrl;
}

/** What somebody can do about a probe that failed. */
export function nextStep(error: unknown, model: Model): string {
  const family = error instanceof ArkError ? error.family : undefined;
  const settings = `spec.config.${effectiveProvider(model.spec)}`;
  if (family === 'Denied') return `check its key in ${settings}`;
  if (family === 'Invalid' || family === 'NotFound') return `check spec.model and ${settings}`;
  return `asked again within ${formatDuration(pollInterval(model))}`;
}
