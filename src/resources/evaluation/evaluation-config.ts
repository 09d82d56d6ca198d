import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Min, MinLength } from 'class-validator';
import { Default, Field } from '../../kit/index.js';
import { Describe, FreeObject, GoDurationPositive, ListOf, Nested } from '../schema/fields.js';
import { LabelSelector } from '../shared/label-selector.js';
import { ParameterSource } from '../shared/parameter.js';
import { NamedReference } from '../shared/reference.js';

export const EVALUATION_TYPES = ['direct', 'baseline', 'query', 'batch', 'event'] as const;
export type EvaluationType = (typeof EVALUATION_TYPES)[number];

const CHILD_TYPES = ['direct', 'query', 'baseline', 'event'] as const;
type ChildType = (typeof CHILD_TYPES)[number];

/** Who scores, with parameters that win over the Evaluator's own. */
export class EvaluatorReference extends NamedReference {
  @IsOptional() @ListOf(() => ParameterSource) parameters?: ParameterSource[];
}

/** A finished Query. */
export class EvaluatedQuery extends NamedReference {
  @IsOptional() @IsString() @Describe('Which of several answers.') responseTarget?: string;
}

export class EvaluationRule {
  @IsString() @MinLength(1) name: string;
  @IsString() expression: string;
  @IsOptional() @IsString() description?: string;
  @IsOptional() @IsInt() @Min(0) @Field({ format: 'int32' }) weight?: number;
}

/** A child written out inside a batch. */
export class BatchItem {
  @IsOptional() @IsString() name?: string;
  @IsIn(CHILD_TYPES) type: ChildType;
  @FreeObject() config: Record<string, unknown>;
  @Nested(() => EvaluatorReference) evaluator: EvaluatorReference;
  @IsOptional() @GoDurationPositive() ttl?: string;
  @IsOptional() @GoDurationPositive() timeout?: string;
}

/** The child made for each Query that `querySelector` finds. */
export class BatchTemplate {
  @IsOptional() @IsString() namePrefix?: string;
  @Nested(() => EvaluatorReference) evaluator: EvaluatorReference;
  @IsIn(CHILD_TYPES) type: ChildType;
  @FreeObject() config: Record<string, unknown>;
  @IsOptional() @ListOf(() => ParameterSource) parameters?: ParameterSource[];
}

/** Settings of all evaluation types side by side. */
export class EvaluationConfig {
  @IsOptional() @IsString() @Describe('direct: the question.') input?: string;
  @IsOptional() @IsString() @Describe('direct: the answer to judge.') output?: string;
  @IsOptional() @Nested(() => EvaluatedQuery) queryRef?: EvaluatedQuery;
  @IsOptional() @ListOf(() => EvaluationRule) rules?: EvaluationRule[];
  @IsOptional() @ListOf(() => BatchItem) items?: BatchItem[];
  @IsOptional() @Nested(() => BatchTemplate) template?: BatchTemplate;
  @IsOptional() @Nested(() => LabelSelector) querySelector?: LabelSelector;
  @IsOptional() @ListOf(() => NamedReference) @Describe('batch: evaluations to copy.') evaluations?: NamedReference[];
  @IsOptional() @IsInt() @Min(1) @Field({ format: 'int32' }) @Default(10) concurrency?: number;
  @IsOptional() @IsBoolean() @Default(false) continueOnFailure?: boolean;
}
