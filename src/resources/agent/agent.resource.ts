import { ArrayMaxSize, IsBoolean, IsIn, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { Cel, Default, type KubeObject, type ObjectMeta, PreserveUnknown, Resource } from '../../kit/index.js';
import { Conditions, Describe, FreeObject, GoDurationPositive, ListOf, Nested } from '../schema/fields.js';
import { AGE, ARK_GROUP, conditionColumn, textColumn, V1ALPHA1 } from '../shared/groups.js';
import { Override } from '../shared/override.js';
import { CheckedParameter, ParameterSource } from '../shared/parameter.js';
import { NamedReference } from '../shared/reference.js';
import { StatusCondition } from '../shared/status-condition.js';
import { ValueFromSource } from '../shared/value-source.js';

export class AgentExecutionEngine extends NamedReference {
  @IsOptional()
  @FreeObject()
  @Describe('Settings for the engine, checked against what the engine declares.')
  options?: Record<string, unknown>;
}

/** One step of the chain that a tool's result passes through. */
export class ToolFunction {
  @IsString() @MinLength(1) name: string;
  @IsOptional() @IsString() value?: string;
  @IsOptional() @Nested(() => ValueFromSource) @PreserveUnknown() valueFrom?: ValueFromSource;
}

/** Arguments fixed in advance and hidden from the model. */
export class ToolPartial {
  @IsOptional() @IsString() @MinLength(1) @Describe('Tool object to look up.') name?: string;
  @IsOptional() @IsString() @Describe('Deprecated: write tools[].description.') description?: string;
  @IsOptional() @ListOf(() => ParameterSource) parameters?: ParameterSource[];
}

/** A human's consent before each call. */
export class ToolApproval {
  @IsOptional() @IsBoolean() required?: boolean;
  @IsOptional() @GoDurationPositive() @Describe('How long to wait for a decision.') timeout?: string;
  @IsOptional() @IsIn(['reject', 'proceed']) @Default('reject') onTimeout?: 'reject' | 'proceed';
}

@Cel('has(self.name)', 'a tool needs a name')
@Cel(
  "self.type != 'built-in' || !has(self.name) || self.name in ['noop', 'terminate']",
  'a tool of type built-in is named noop or terminate',
)
export class AgentTool {
  @IsString()
  @MaxLength(63)
  @Matches(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
  @Describe('built-in, custom, http, mcp, agent, team, builtin, or an installed tool type.')
  type: string;
  @IsOptional() @IsString() @MinLength(1) @Describe('Name offered to the model.') name?: string;
  @IsOptional() @IsString() @Describe("Overrides the Tool's own description.") description?: string;
  @IsOptional() @ListOf(() => ToolFunction) functions?: ToolFunction[];
  @IsOptional() @Nested(() => ToolPartial) partial?: ToolPartial;
  @IsOptional() @Nested(() => ToolApproval) approval?: ToolApproval;
}

export class AgentSpec {
  @IsOptional() @IsString() @Describe('System prompt; {{.name}} stands for a parameter.') prompt?: string;
  @IsOptional() @IsString() @Describe('For people, and for models that may call this agent.') description?: string;
  @IsOptional() @Nested(() => NamedReference) @Describe('Model to use.') modelRef?: NamedReference;
  @IsOptional()
  @Nested(() => AgentExecutionEngine)
  @Describe('Who runs the agent. The name a2a is kept for agents found on A2A servers.')
  executionEngine?: AgentExecutionEngine;
  @IsOptional() @ListOf(() => AgentTool) @ArrayMaxSize(512) tools?: AgentTool[];
  @IsOptional() @ListOf(() => CheckedParameter) @ArrayMaxSize(512) parameters?: ParameterSource[];
  @IsOptional() @FreeObject() @Describe('JSON Schema of the answer.') outputSchema?: Record<string, unknown>;
  @IsOptional() @ListOf(() => Override) @ArrayMaxSize(64) overrides?: Override[];
}

export class AgentStatus {
  @Conditions(() => StatusCondition) conditions?: StatusCondition[];
}

/** An AI agent: a prompt, the model or engine that runs it, and the tools it may use. */
@Resource({
  group: ARK_GROUP,
  version: V1ALPHA1,
  kind: 'Agent',
  plural: 'agents',
  printerColumns: [textColumn('Model', '.spec.modelRef.name'), conditionColumn('Available'), AGE],
})
export class Agent implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  @Nested(() => AgentSpec) @Default({}) spec: AgentSpec;
  @IsOptional() @Nested(() => AgentStatus) status?: AgentStatus;
}
