import { ArrayMaxSize, IsBoolean, IsDefined, IsIn, IsInt, IsOptional, IsString, Min, MinLength } from 'class-validator';
import { Default, Field, type KubeObject, type ObjectMeta, Resource } from '../../kit/index.js';
import {
  Conditions,
  Describe,
  GoDuration,
  GoDurationPositive,
  ListOf,
  Nested,
  TextMap,
  Timestamp,
} from '../schema/fields.js';
import { AGE, ARK_GROUP, textColumn, V1ALPHA1 } from '../shared/groups.js';
import { LabelSelector } from '../shared/label-selector.js';
import { Override } from '../shared/override.js';
import { CheckedParameter, type ParameterSource } from '../shared/parameter.js';
import { NamedReference, QueryTarget } from '../shared/reference.js';
import { CostAmount } from '../shared/spent.js';
import { StatusCondition } from '../shared/status-condition.js';
import { TokenCounts } from '../shared/token-counts.js';

export const QUERY_PHASES = [
  'pending',
  'provisioning',
  'running',
  'evaluating',
  'input-required',
  'error',
  'done',
  'canceled',
] as const;
export type QueryPhase = (typeof QUERY_PHASES)[number];

/** Answerers of one Query, in every spelling: each is a run of its own, beside the others. */
export const MAX_TARGETS = 64;

export class QuerySpec {
  @IsOptional() @IsIn(['user', 'messages']) @Default('user') type?: 'user' | 'messages';
  @IsDefined()
  @Field({ anyType: true, preserveUnknown: true })
  @Describe('The prompt as text; for type messages a list of chat messages.')
  input: unknown;
  @IsOptional() @ListOf(() => CheckedParameter) @ArrayMaxSize(512) parameters?: ParameterSource[];
  /** May be stored as a list with one entry when no admission ran; read it through `queryTargets`. */
  @IsOptional()
  @Nested(() => QueryTarget)
  @Field({ anyType: true, preserveUnknown: true })
  @Describe('Who answers.')
  target?: QueryTarget;
  @IsOptional()
  @ListOf(() => QueryTarget)
  @ArrayMaxSize(MAX_TARGETS)
  @Describe('Several answerers, run in parallel.')
  targets?: QueryTarget[];
  @IsOptional()
  @Nested(() => LabelSelector)
  @Field({ atomicMap: true })
  @Describe('Without a target: the first agent, else team, model, tool with these labels.')
  selector?: LabelSelector;
  @IsOptional() @Nested(() => NamedReference) @Describe('Conversation store.') memory?: NamedReference;
  @IsOptional() @IsString() @MinLength(1) serviceAccount?: string;
  @IsOptional() @IsString() @MinLength(1) @Describe('Groups telemetry. Default: the uid.') sessionId?: string;
  @IsOptional() @IsString() @MinLength(1) @Describe('Conversation to continue.') conversationId?: string;
  @IsOptional() @GoDurationPositive() @Describe('How long to keep the object after completion.') ttl?: string;
  @IsOptional() @GoDurationPositive() @Default('5m') @Describe('Limit of one execution.') timeout?: string;
  @IsOptional() @IsBoolean() @Describe('Set to true to stop a running Query.') cancel?: boolean;
  @IsOptional() @ListOf(() => Override) @ArrayMaxSize(64) overrides?: Override[];
  @IsOptional()
  @ListOf(() => NamedReference)
  @Describe('Evaluators to run on the answer.')
  evaluators?: NamedReference[];
  @IsOptional() @Nested(() => LabelSelector) @Field({ atomicMap: true }) evaluatorSelector?: LabelSelector;
}

/** Protocol identifiers of the A2A exchange behind an answer. */
export class A2AReference {
  @IsOptional() @IsString() contextId?: string;
  @IsOptional() @IsString() taskId?: string;
}

/** One target's answer. */
export class QueryResponse {
  @IsOptional() @Nested(() => QueryTarget) target?: QueryTarget;
  @IsOptional() @IsString() @Describe('The final text.') content?: string;
  @IsOptional() @IsString() @Describe('JSON text: list of chat messages.') raw?: string;
  @IsOptional() @IsString() phase?: string;
  @IsOptional() @Nested(() => A2AReference) a2a?: A2AReference;
}

/** A verdict of an Evaluator on the answer. */
export class QueryEvaluation {
  @IsOptional() @IsString() evaluatorName?: string;
  @IsOptional() @IsString() score?: string;
  @IsOptional() @IsBoolean() passed?: boolean;
  @IsOptional() @TextMap() metadata?: Record<string, string>;
}

/** Who runs the Query now. Nobody runs it without holding its claim. */
export class QueryClaim {
  @IsString() @MinLength(1) @Describe('Unique to this attempt.') id: string;
  @IsString() @MinLength(1) @Describe('The process that holds the claim.') holder: string;
  @IsInt() @Min(1) @Describe('1 for the first attempt.') attempt: number;
  @Timestamp() @Describe('When the claim was taken; the time-out counts from here.') since: string;
  @IsOptional() @IsBoolean() @Describe('The holder gave it back because it stops.') released?: boolean;
  @IsOptional() @IsInt() @Min(0) @Describe('Holders before this one that ended without giving it back.') lost?: number;
  @IsOptional()
  @Nested(() => TokenCounts)
  @Describe('What attempts spent whose holders gave the claim back.')
  tokenUsage?: TokenCounts;
  @IsOptional() @ListOf(() => CostAmount) @Describe('What those tokens cost.') cost?: CostAmount[];
}

export class QueryStatus {
  @IsOptional() @IsIn(QUERY_PHASES) @Default('pending') phase?: QueryPhase;
  @Conditions(() => StatusCondition) conditions?: StatusCondition[];
  @IsOptional() @Nested(() => QueryResponse) @Describe('The first answer.') response?: QueryResponse;
  @IsOptional() @ListOf(() => QueryResponse) @Describe('All answers, in target order.') responses?: QueryResponse[];
  @IsOptional() @Nested(() => A2AReference) a2a?: A2AReference;
  @IsOptional() @Nested(() => TokenCounts) tokenUsage?: TokenCounts;
  @IsOptional()
  @ListOf(() => CostAmount)
  @Describe('What the tokens cost by the prices on the Models, one sum for each currency.')
  cost?: CostAmount[];
  @IsOptional() @IsString() @MinLength(1) @Describe('Id to use in follow-ups.') conversationId?: string;
  @IsOptional() @GoDuration() @Describe('Wall time from start to end.') duration?: string;
  @IsOptional() @ListOf(() => QueryEvaluation) evaluations?: QueryEvaluation[];
  @IsOptional() @Nested(() => QueryClaim) claim?: QueryClaim;
}

/** A question to an agent, team, model or tool, and its answer. */
@Resource({
  group: ARK_GROUP,
  version: V1ALPHA1,
  kind: 'Query',
  plural: 'queries',
  printerColumns: [
    textColumn('Type', '.spec.type'),
    textColumn('Phase', '.status.phase'),
    textColumn('Duration', '.status.duration'),
    AGE,
  ],
})
export class Query implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  @Nested(() => QuerySpec) spec: QuerySpec;
  @IsOptional() @Nested(() => QueryStatus) status?: QueryStatus;
}
