import { IsBoolean, IsIn, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { Cel, Default, type KubeObject, type ObjectMeta, Resource } from '../../kit/index.js';
import { Conditions, Describe, DurationOrSeconds, FreeObject, ListOf, Nested } from '../schema/fields.js';
import { ARK_GROUP, V1ALPHA1 } from '../shared/groups.js';
import { Header } from '../shared/header.js';
import { ParameterSource } from '../shared/parameter.js';
import { LocalReference, NamedReference } from '../shared/reference.js';
import { StatusCondition } from '../shared/status-condition.js';

/** Hints about a tool's effects, in the words of MCP. */
export class ToolAnnotations {
  @IsOptional() @IsString() title?: string;
  @IsOptional() @IsBoolean() readOnlyHint?: boolean;
  @IsOptional() @IsBoolean() destructiveHint?: boolean;
  @IsOptional() @IsBoolean() idempotentHint?: boolean;
  @IsOptional() @IsBoolean() openWorldHint?: boolean;
}

export const HTTP_METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'] as const;

export class HttpTool {
  @IsString()
  @MinLength(1)
  @Matches(/^https?:\/\/.*/)
  @Describe('{name} stands for an argument, escaped for a URL.')
  url: string;
  @IsOptional() @IsIn(HTTP_METHODS) @Default('GET') method?: (typeof HTTP_METHODS)[number];
  @IsOptional() @ListOf(() => Header) headers?: Header[];
  @IsOptional() @DurationOrSeconds() @Describe('Default: 30s.') timeout?: string;
  @IsOptional() @IsString() @Describe('Template; {{.input.name}} stands for an argument.') body?: string;
  @IsOptional() @ListOf(() => ParameterSource) bodyParameters?: ParameterSource[];
}

export class McpTool {
  @Nested(() => NamedReference) mcpServerRef: NamedReference;
  @IsString() @MinLength(1) @Describe('Name of the tool on that server.') toolName: string;
}

@Cel("self.type != 'http' || has(self.http)", 'a tool of type http needs the block http')
@Cel("self.type != 'mcp' || has(self.mcp)", 'a tool of type mcp needs the block mcp')
@Cel("self.type != 'agent' || has(self.agent)", 'a tool of type agent needs the block agent')
@Cel("self.type != 'team' || has(self.team)", 'a tool of type team needs the block team')
export class ToolSpec {
  @IsString()
  @MaxLength(63)
  @Matches(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
  @Describe('http, mcp, agent, team, builtin, or an installed tool type.')
  type: string;
  @IsOptional() @IsString() @Describe('Shown to the model.') description?: string;
  @IsOptional() @FreeObject() @Describe('JSON Schema of the arguments.') inputSchema?: Record<string, unknown>;
  @IsOptional() @Nested(() => ToolAnnotations) annotations?: ToolAnnotations;
  @IsOptional() @Nested(() => HttpTool) http?: HttpTool;
  @IsOptional() @Nested(() => McpTool) mcp?: McpTool;
  @IsOptional() @Nested(() => LocalReference) agent?: LocalReference;
  @IsOptional() @Nested(() => LocalReference) team?: LocalReference;
  @IsOptional() @Nested(() => LocalReference) builtin?: LocalReference;
  @IsOptional() @FreeObject() @Describe('Settings of an installed tool type.') options?: Record<string, unknown>;
}

export class ToolStatus {
  @IsOptional() @IsString() state?: string;
  @IsOptional() @IsString() message?: string;
  @Conditions(() => StatusCondition) conditions?: StatusCondition[];
}

/** Something an agent can do: an HTTP call, a tool of an MCP server, another agent or team. */
@Cel(
  "self.spec.type != 'builtin' || self.metadata.name in ['noop', 'terminate'] || has(self.spec.builtin) && self.spec.builtin.name in ['noop', 'terminate']",
  'a builtin tool is noop or terminate; name it in spec.builtin.name',
)
@Resource({ group: ARK_GROUP, version: V1ALPHA1, kind: 'Tool', plural: 'tools' })
export class Tool implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  @Nested(() => ToolSpec) spec: ToolSpec;
  @IsOptional() @Nested(() => ToolStatus) status?: ToolStatus;
}
