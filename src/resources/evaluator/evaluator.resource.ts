import { IsIn, IsOptional, IsString } from 'class-validator';
import { Default, Field, type KubeObject, type ObjectMeta, Resource } from '../../kit/index.js';
import { Describe, ListOf, Nested, TextList } from '../schema/fields.js';
import { AGE, ARK_GROUP, textColumn, V1ALPHA1 } from '../shared/groups.js';
import { LabelSelector } from '../shared/label-selector.js';
import { ParameterSource } from '../shared/parameter.js';
import { ValueSource } from '../shared/value-source.js';

/** Which finished Queries of the namespace are evaluated without being asked. */
export class EvaluatorSelector extends LabelSelector {
  @IsIn(['Query']) resourceType: 'Query';
  @IsOptional() @IsString() @Default('ark.mckinsey.com') apiGroup?: string;
  @IsOptional() @TextList() @Describe('Reserved.') namespaces?: string[];
  @IsOptional() @Nested(() => LabelSelector) @Field({ atomicMap: true }) namespaceSelector?: LabelSelector;
}

export class EvaluatorSpec {
  @Nested(() => ValueSource) @Describe('URL of the scoring service.') address: ValueSource;
  @IsOptional() @IsString() description?: string;
  @IsOptional() @ListOf(() => ParameterSource) parameters?: ParameterSource[];
  @IsOptional() @Nested(() => EvaluatorSelector) @Field({ atomicMap: true }) selector?: EvaluatorSelector;
}

export class EvaluatorStatus {
  @IsOptional() @IsString() lastResolvedAddress?: string;
  @IsOptional() @IsString() phase?: string;
  @IsOptional() @IsString() message?: string;
}

/** A service that scores answers. */
@Resource({
  group: ARK_GROUP,
  version: V1ALPHA1,
  kind: 'Evaluator',
  plural: 'evaluators',
  printerColumns: [textColumn('Phase', '.status.phase'), textColumn('Address', '.status.lastResolvedAddress'), AGE],
})
export class Evaluator implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  @Nested(() => EvaluatorSpec) spec: EvaluatorSpec;
  @IsOptional() @Nested(() => EvaluatorStatus) status?: EvaluatorStatus;
}
