import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import {
  ArkError,
  type CompletionRequest,
  type ModelClient,
  type ModelConfig,
  type ModelEvent,
  unavailable,
} from 'nest-ark';
import { callOptions } from './call-options.js';
import { withoutKeys } from './http/without-keys.js';
import { innermostText } from './innermost-text.js';
import { DEFAULT_IDLE_MS, Patience } from './patience.js';
import type { PromptStyle } from './prompt.js';
import { isSignOfLife, StreamEvents } from './stream-events.js';

/** One model of one vendor, as its provider describes it to the adapter. */
export interface SdkModelOptions {
  config: ModelConfig;
  /** Names the model in messages. */
  subject: string;
  style: PromptStyle;
  /** What every call carries besides the request. */
  extra?: Partial<LanguageModelV4CallOptions>;
  /** Makes the SDK's model; imports the SDK, so it is called late. */
  load(): Promise<LanguageModelV4>;
}

/** A model behind the AI SDK's interface for language models, as the kit wants it. */
export class SdkModel implements ModelClient {
  readonly config: ModelClient['config'];

  private readonly redact: (text: string) => string;

  constructor(private readonly options: SdkModelOptions) {
    const { name, namespace, model, settings, headers, secrets = [] } = options.config;
    this.config = { name, namespace, model };
    this.redact = withoutKeys(settings, headers, secrets);
  }

  async *complete(request: CompletionRequest, signal: AbortSignal): AsyncIterable<ModelEvent> {
    const patience = this.patience(signal);
    try {
      yield* this.stream(request, patience);
    } catch (error) {
      patience.signal.throwIfAborted();
      throw this.explained(error);
    } finally {
      patience.end();
    }
  }

  /** How long this model is waited for. */
  patience(signal: AbortSignal): Patience {
    const { config, subject } = this.options;
    return new Patience(signal, subject, config.idleTimeoutMs ?? DEFAULT_IDLE_MS);
  }

  private async *stream(request: CompletionRequest, patience: Patience): AsyncIterable<ModelEvent> {
    const { load, extra, style, subject } = this.options;
    const model = await load();
    const options = { ...callOptions(request, style), ...extra, abortSignal: patience.signal };
    const { stream } = await model.doStream(options);
    const events = new StreamEvents(subject, this.redact);
    for await (const part of stream) {
      patience.signal.throwIfAborted();
      for (const event of events.of(part)) {
        patience.rest();
        yield event;
      }
      if (isSignOfLife(part)) patience.begin();
    }
    patience.signal.throwIfAborted();
  }

  /** What the SDK throws by itself is an answer it could not read, or a connection that was cut. */
  private explained(error: unknown): ArkError {
    if (error instanceof ArkError) return error;
    const text = this.redact(innermostText(error));
    return unavailable(`${this.options.subject} broke off: ${text}`, { reason: 'StreamFailed' });
  }
}
