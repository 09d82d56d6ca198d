import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Matches, Min, MinLength } from 'class-validator';
import { Cel, Default, Field, type KubeObject, type ObjectMeta, Resource } from '../../kit/index.js';
import { Conditions, Describe, GoDuration, GoDurationPositive, ListOf, Nested, Timestamp } from '../schema/fields.js';
import { AGE, ARK_GROUP, textColumn, V1ALPHA1 } from '../shared/groups.js';
import { CostAmount } from '../shared/spent.js';
import { StatusCondition } from '../shared/status-condition.js';
import { TokenCounts } from '../shared/token-counts.js';
import { EVALUATION_TYPES, EvaluationConfig, type EvaluationType, EvaluatorReference } from './evaluation-config.js';

/** From 0 to 1, as text. */
const SCORE = /^(0(\.[0-9]+)?|1(\.0+)?)$/;

export const EVALUATION_PHASES = ['pending', 'running', 'error', 'done', 'canceled'] as const;
export type EvaluationPhase = (typeof EVALUATION_PHASES)[number];

@Cel("self.type == 'batch' || has(self.evaluator)", 'evaluator is required for every type but batch')
@Cel(
  "self.type != 'direct' || has(self.config.input) && has(self.config.output)",
  'type direct needs config.input and config.output',
)
@Cel("self.type != 'query' || has(self.config.queryRef)", 'type query needs config.queryRef')
@Cel("self.type != 'event' || has(self.config.rules) && size(self.config.rules) > 0", 'type event needs config.rules')
@Cel(
  "self.type != 'batch' || has(self.config.items) || has(self.config.evaluations) || has(self.config.template) && has(self.config.querySelector)",
  'type batch needs config.items, config.evaluations, or config.template with config.querySelector',
)
export class EvaluationSpec {
  @IsOptional() @IsIn(EVALUATION_TYPES) @Default('direct') type?: EvaluationType;
  @IsOptional() @Nested(() => EvaluatorReference) evaluator?: EvaluatorReference;
  @IsOptional() @GoDurationPositive() @Default('720h') ttl?: string;
  @IsOptional() @GoDurationPositive() @Default('5m') timeout?: string;
  @IsOptional()
  @IsBoolean()
  @Describe('Ends the evaluation without a verdict, and a batch with its children.')
  cancel?: boolean;
  @Nested(() => EvaluationConfig) config: EvaluationConfig;
}

export class ChildEvaluation {
  @IsString() name: string;
  @IsOptional() @IsIn(EVALUATION_PHASES) phase?: EvaluationPhase;
  @IsOptional() @IsString() score?: string;
  @IsOptional() @IsBoolean() passed?: boolean;
  @IsOptional() @IsString() message?: string;
}

export class BatchProgress {
  @IsOptional() @IsInt() @Field({ format: 'int32' }) total?: number;
  @IsOptional() @IsInt() @Field({ format: 'int32' }) completed?: number;
  @IsOptional() @IsInt() @Field({ format: 'int32' }) failed?: number;
  @IsOptional() @IsInt() @Field({ format: 'int32' }) running?: number;
  @IsOptional() @ListOf(() => ChildEvaluation) childEvaluations?: ChildEvaluation[];
}

/** Who judges now. */
export class EvaluationClaim {
  @IsString() @MinLength(1) @Describe('The process that judges.') holder: string;
  @IsInt() @Min(1) @Describe('1 for the first attempt.') attempt: number;
  @Timestamp() @Describe('When the attempt began.') since: string;
}

export class EvaluationStatus {
  @IsOptional() @IsIn(EVALUATION_PHASES) phase?: EvaluationPhase;
  @IsOptional() @IsString() message?: string;
  @IsOptional() @IsString() @Matches(SCORE) score?: string;
  @IsOptional() @IsBoolean() passed?: boolean;
  @IsOptional() @GoDuration() duration?: string;
  @IsOptional() @Nested(() => TokenCounts) tokenUsage?: TokenCounts;
  @IsOptional()
  @ListOf(() => CostAmount)
  @Describe('What judging cost by the prices on the Models, one sum for each currency.')
  cost?: CostAmount[];
  @IsOptional() @Nested(() => BatchProgress) batchProgress?: BatchProgress;
  @Conditions(() => StatusCondition) conditions?: StatusCondition[];
  @IsOptional() @Nested(() => EvaluationClaim) claim?: EvaluationClaim;
}

/** A judgement about an answer. */
@Resource({
  group: ARK_GROUP,
  version: V1ALPHA1,
  kind: 'Evaluation',
  plural: 'evaluations',
  printerColumns: [
    textColumn('Type', '.spec.type'),
    textColumn('Phase', '.status.phase'),
    textColumn('Score', '.status.score'),
    { name: 'Passed', type: 'boolean', jsonPath: '.status.passed' },
    AGE,
  ],
})
export class Evaluation implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  @Nested(() => EvaluationSpec) spec: EvaluationSpec;
  @IsOptional() @Nested(() => EvaluationStatus) status?: EvaluationStatus;
}
