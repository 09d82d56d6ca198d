import { ArkError, type Condition, withCondition } from '../../kit/index.js';
import { effectiveProvider, type Model, type ModelStatus } from '../../resources/model/model.resource.js';
import { formatDuration } from '../../resources/values/duration.js';
import { pollInterval } from '../polls.js';

export const AVAILABLE = 'ModelAvailable';

/** What looking at a model came to. */
export type Finding =
  | { reason: 'Initializing' }
  | { reason: 'Available'; address?: string }
  | { reason: 'ModelProbeFailed'; address?: string; message: string };

const STATUS = { Initializing: 'Unknown', Available: 'True', ModelProbeFailed: 'False' } as const;
const MESSAGE = { Initializing: 'The model is asked whether it answers', Available: 'The model answers' } as const;

/** The status that follows from a finding, in every spelling that readers look for. */
export function statusOf(model: Model, finding: Finding, before: Condition | undefined, now: Date): ModelStatus {
  const { reason } = finding;
  const status = STATUS[reason];
  const message = finding.reason === 'ModelProbeFailed' ? finding.message : MESSAGE[finding.reason];
  const update = { type: AVAILABLE, status, reason, message, observedGeneration: model.metadata.generation };
  const conditions = withCondition(before ? [before] : [], update, now);
  if (finding.reason === 'Initializing') return { conditions };
  const { address } = finding;
  return {
    conditions,
    phase: status === 'True' ? 'ready' : 'error',
    message,
    ...(address === undefined ? {} : { resolvedAddress: address }),
  };
}

/** What somebody can do about a probe that failed. */
export function nextStep(error: unknown, model: Model): string {
  const family = error instanceof ArkError ? error.family : undefined;
  const settings = `spec.config.${effectiveProvider(model.spec)}`;
  if (family === 'Denied') return `check its key in ${settings}`;
  if (family === 'Invalid' || family === 'NotFound') return `check spec.model and ${settings}`;
  return `asked again within ${formatDuration(pollInterval(model))}`;
}
