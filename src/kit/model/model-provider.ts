import type { EgressRules } from '../egress/egress-guard.js';
import type { Message, TokenUsage, ToolCall } from '../engine/message.js';
import { defineExtensionPoint } from '../extension/extension-point.js';

/** A tool offered to a model. */
export interface ToolDescription {
  name: string;
  description: string;
  /** JSON Schema of the arguments object. */
  inputSchema: Record<string, unknown>;
}

/** A Model object with every reference resolved. Holds keys: never log it. */
export interface ModelConfig {
  /** The Model object's name. */
  name: string;
  namespace: string;
  /** The provider's name for the model, `spec.model`. */
  model: string;
  /** The block of `spec.config` named like the provider, its value sources resolved to text. */
  settings: Record<string, unknown>;
  /** Extra request parameters, with their real types. */
  properties: Record<string, unknown>;
  /** Extra headers; they win over what the provider would send. */
  headers: Record<string, string>;
  /** What in it came out of Secrets, whatever it is called: for `redactor`. Default: nothing. Never log it. */
  secrets?: readonly string[];
  /** How long a provider waits for the next piece of an answer before it gives up. Default: the provider's, two minutes. */
  idleTimeoutMs?: number;
  /** Where the provider may be. Default: anywhere but link-local and metadata addresses. */
  egress?: EgressRules;
}

/** Whether a model may call tools (`auto`, its own default), must call one, or must not although they are offered. */
export type ToolChoice = 'auto' | 'required' | 'none';

/** What a model is asked. */
export interface CompletionRequest {
  /** The conversation, oldest first. */
  messages: Message[];
  /** What it may call. Default: nothing. */
  tools?: ToolDescription[];
  /** Default: the provider's, which is `auto` everywhere. Means nothing without tools. */
  toolChoice?: ToolChoice;
  /** JSON Schema of the answer, with the name it is sent under. */
  outputSchema?: { name: string; schema: Record<string, unknown> };
}

/** One thing a model says: a piece of the answer, a whole call of a tool, or the tokens it took. */
export type ModelEvent =
  | { type: 'text'; text: string }
  | { type: 'tool-call'; call: ToolCall }
  | { type: 'usage'; usage: TokenUsage };

/** A model ready to use. */
export interface ModelClient {
  /** Which model it is, without its keys. */
  readonly config: Pick<ModelConfig, 'name' | 'namespace' | 'model'>;
  /**
   * One completion, piece by piece as the model says it; the iterable ends when the model has finished.
   *
   * Errors: `Invalid`, `Denied` and `NotFound` when the provider refuses, `Unavailable` when it fails, is silent or
   * breaks off. Their messages name the model and never hold a key. An aborted signal throws its reason.
   */
  complete(request: CompletionRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
}

/**
 * Knows how to talk to one vendor's models. Connections it keeps open are closed in `onApplicationShutdown` of Nest and no
 * earlier: Queries are worked on while the process ends.
 */
export interface ModelProvider {
  /** Makes a client; throws `Invalid` when the settings are incomplete. Makes no call. */
  open(config: ModelConfig): ModelClient;
  /** A cheap call that proves address and key. Default: one minimal completion. */
  probe?(config: ModelConfig, signal: AbortSignal): Promise<void>;
}

/** What a model provider says of itself. */
export interface ModelProviderOptions {
  /** What Models write in `spec.provider`. The file is `<name>.model-provider.ts`. */
  name: string;
  /** One sentence for people. */
  description: string;
}

/** The extension point of model providers. */
export const modelProviders = defineExtensionPoint<ModelProvider, ModelProviderOptions>({
  point: 'model-provider',
  methods: ['open'],
});

/** Marks a class as a model provider. */
export const ProvidesModels = modelProviders.decorate;

/** The model providers installed in this process. */
export abstract class ModelProviders {
  /** Undefined when none of that name is installed. */
  abstract get(name: string): ModelProvider | undefined;
  abstract names(): string[];
}
