import 'reflect-metadata';

export { type EgressRules, guardedLookup, refuseEgress } from './egress/egress-guard.js';
export { redactingStream, redactor, type SecretHolder } from './egress/redactor.js';
export { sendableHeaders } from './egress/sendable-headers.js';
export { shownAddress } from './egress/shown-address.js';
export {
  type Engine,
  type EngineEvent,
  type EngineOptions,
  Engines,
  ExecutionEngine,
  engines,
  type InstalledEngine,
  message,
  text,
  toolCall,
  toolResult,
  usage,
} from './engine/engine.js';
// The public door. Named re-exports only: what is not here is not promised.
export type {
  AgentConfig,
  AgentTool,
  ExecutionContext,
  ExecutionRequest,
  Parameter,
} from './engine/execution.js';
export { addUsage, type Message, type TokenUsage, type ToolCall, toolMessage } from './engine/message.js';
export { readOptions } from './engine/options.js';
export {
  ArkError,
  type ArkErrorOptions,
  canceled,
  conflict,
  denied,
  type ErrorFamily,
  errorText,
  invalid,
  notFound,
  timeout,
  unavailable,
} from './errors/ark-error.js';
export {
  type EvaluatedRun,
  type Evaluates,
  type EvaluationContext,
  type EvaluationRequest,
  type EvaluationResult,
  type EvaluationRule,
  Evaluator,
  type EvaluatorOptions,
  Evaluators,
  type Exchange,
  evaluators,
} from './evaluator/evaluator.js';
export {
  defineExtensionPoint,
  type ExtensionClass,
  type ExtensionMark,
  type ExtensionPoint,
  type ExtensionPointDefinition,
  extensionMark,
  KIT_INSTANCE,
  KIT_VERSION,
} from './extension/extension-point.js';
export { type JsonSchema, schemaProblems } from './json-schema/schema-problems.js';
export { StructuredAnswer } from './json-schema/structured-answer.js';
export { ProcessorLimit } from './limits/processor-limit.js';
export type { Logger } from './logger.js';
export { type McpCallOptions, type McpConnection, McpConnections, type McpTool } from './mcp/mcp-connection.js';
export type { McpOpeningCall, McpProgram, McpServerConfig } from './mcp/mcp-server-config.js';
export {
  type ChatMessage,
  type ConversationEntry,
  MemoryBackend,
  type MemoryBackendOptions,
  MemoryBackends,
  type MemoryClient,
  type MemoryConfig,
  type MemoryItem,
  type MemoryPage,
  type MemoryProvider,
  memoryBackends,
} from './memory/memory-backend.js';
export {
  type Counter,
  type FigureText,
  type Histogram,
  type Labels,
  Metrics,
  noMetrics,
  type Reading,
} from './metrics/metrics.js';
export type { Cost } from './model/cost.js';
export {
  type CompletionRequest,
  type ModelClient,
  type ModelConfig,
  type ModelEvent,
  type ModelProvider,
  type ModelProviderOptions,
  ModelProviders,
  modelProviders,
  ProvidesModels,
  type ToolChoice,
  type ToolDescription,
} from './model/model-provider.js';
export { Next } from './reconciler/next.js';
export {
  type EventText,
  type Follow,
  follows,
  type ListFilter,
  type Need,
  type Reconcile,
  type ReconcileContext,
  Reconciler,
  type ReconcilerOptions,
  type ResourceReader,
  reconcilers,
  type Verb,
} from './reconciler/reconciler.js';
export {
  type Condition,
  type ConditionUpdate,
  findCondition,
  MAX_CONDITION_MESSAGE,
  withCondition,
} from './resource/condition.js';
export {
  type KubeObject,
  keyText,
  type ManagedFieldsEntry,
  type ObjectKey,
  type ObjectMeta,
  type OwnerReference,
  type UntypedObject,
} from './resource/object.js';
export {
  apiVersionOf,
  type PrinterColumn,
  Resource,
  type ResourceClass,
  type ResourceOptions,
  type ResourceType,
  resourceOptions,
  resourceType,
} from './resource/resource.js';
export {
  Cel,
  type CelRule,
  celRules,
  Default,
  Field,
  type FieldSchema,
  fieldSchema,
  IntOrString,
  MapOf,
  PreserveUnknown,
} from './resource/schema-decorators.js';
export {
  type TeamConfig,
  type TeamContext,
  type TeamEnd,
  type TeamMember,
  type TeamQuestion,
  type TeamReply,
  type TeamSelector,
  type TeamState,
  type TeamStep,
  TeamStrategies,
  TeamStrategy,
  type TeamStrategyOptions,
  teamStrategies,
} from './team/team-strategy.js';
export { jsonWriter } from './template/json-writer.js';
export { printedNames } from './template/printed-names.js';
export { renderTemplate, type TemplateWriter } from './template/render-template.js';
export type { ToolBox } from './tool/tool-box.js';
export type { ToolHints, ToolImage, ToolResult } from './tool/tool-result.js';
export {
  type Delegation,
  type InstalledToolType,
  ProvidesTools,
  type ToolConfig,
  type ToolContext,
  type ToolType,
  type ToolTypeOptions,
  ToolTypes,
  toolTypes,
} from './tool/tool-type.js';
export { noTracer, type Span, type SpanAttributes, type Tracer } from './tracing/tracer.js';
