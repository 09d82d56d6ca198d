import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { Cel, Default, type KubeObject, type ObjectMeta, PreserveUnknown, Resource } from '../../kit/index.js';
import { Conditions, Describe, GoDurationNotNegative, Nested } from '../schema/fields.js';
import { AGE, ARK_GROUP, conditionColumn, textColumn, V1ALPHA1 } from '../shared/groups.js';
import { StatusCondition } from '../shared/status-condition.js';
import { ValueSource } from '../shared/value-source.js';
import { ModelConfigBlocks } from './model-config.js';

/** Providers whose settings the schema knows. Others may be installed; their blocks are free. */
export const KNOWN_PROVIDERS = ['openai', 'azure', 'bedrock', 'anthropic'] as const;

@Cel(
  "has(self.provider) && self.provider != '' || self.type in ['openai', 'azure', 'bedrock', 'anthropic']",
  'provider is required: say which service runs the model, for example openai',
)
@Cel(
  "!has(self.provider) || !(self.provider in ['openai', 'azure', 'bedrock', 'anthropic']) || has(self.config)",
  'config is required: add the block of the provider',
)
@Cel(
  "!has(self.config) || !has(self.provider) || self.provider != 'openai' || has(self.config.openai)",
  'openai configuration is required: add config.openai',
)
@Cel(
  "!has(self.config) || !has(self.provider) || self.provider != 'azure' || has(self.config.azure)",
  'azure configuration is required: add config.azure',
)
@Cel(
  "!has(self.config) || !has(self.provider) || self.provider != 'bedrock' || has(self.config.bedrock)",
  'bedrock configuration is required: add config.bedrock',
)
@Cel(
  "!has(self.config) || !has(self.provider) || self.provider != 'anthropic' || has(self.config.anthropic)",
  'anthropic configuration is required: add config.anthropic',
)
export class ModelSpec {
  @Nested(() => ValueSource) @Describe("The provider's name for the model.") model: ValueSource;
  @IsOptional()
  @IsIn(['completions', ...KNOWN_PROVIDERS])
  @Default('completions')
  @Describe('API style. Provider names are the old spelling of provider.')
  type?: string;
  @IsOptional()
  @IsString()
  @MaxLength(63)
  @Matches(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
  @Describe('The service that runs the model: openai, azure, bedrock, anthropic, or an installed provider.')
  provider?: string;
  @IsOptional()
  @Nested(() => ModelConfigBlocks)
  @PreserveUnknown()
  @Describe('Settings, in a block named like the provider.')
  config?: ModelConfigBlocks & Record<string, unknown>;
  @IsOptional()
  @GoDurationNotNegative()
  @Default('1m')
  @Describe('How often to probe the model.')
  pollInterval?: string;
}

export class ModelStatus {
  @IsOptional() @IsString() resolvedAddress?: string;
  @Conditions(() => StatusCondition) conditions?: StatusCondition[];
  /** `ready` or `error`; mirrors the condition ModelAvailable. */
  @IsOptional() @IsString() phase?: string;
  @IsOptional() @IsString() message?: string;
}

/** A language model: who runs it, how to reach it, with which keys. */
@Resource({
  group: ARK_GROUP,
  version: V1ALPHA1,
  kind: 'Model',
  plural: 'models',
  printerColumns: [
    textColumn('Type', '.spec.type'),
    textColumn('Provider', '.spec.provider'),
    textColumn('Model', '.spec.model.value'),
    conditionColumn('Available', 'ModelAvailable'),
    AGE,
  ],
})
export class Model implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  @Nested(() => ModelSpec) spec: ModelSpec;
  @IsOptional() @Nested(() => ModelStatus) status?: ModelStatus;
}

/** The provider of a model, also in the old form where `type` names it. Undefined when neither does. */
export function effectiveProvider(spec: ModelSpec): string | undefined {
  if (KNOWN_PROVIDERS.some((known) => known === spec.type)) return spec.provider || spec.type;
  return spec.provider || undefined;
}
