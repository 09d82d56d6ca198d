import type { LanguageModelV4StreamPart, LanguageModelV4Usage } from '@ai-sdk/provider';
import { invalid, type ModelEvent, type TokenUsage, unavailable } from 'nest-ark';
import { providerMessage } from './http/refusal.js';
import { innermostText } from './innermost-text.js';

type Part<Type> = Extract<LanguageModelV4StreamPart, { type: Type }>;

/** Parts that say nothing about whether the model still works. */
const SILENT = new Set(['stream-start', 'response-metadata', 'ping', 'raw']);

export const isSignOfLife = (part: LanguageModelV4StreamPart) => !SILENT.has(part.type);

/** Turns the parts of one stream into events, and its failures into errors that name the model. */
export class StreamEvents {
  private said = false;
  private readonly ids = new Set<string>();

  /** @param redact takes keys out of what the provider says */
  constructor(
    private readonly subject: string,
    private readonly redact: (text: string) => string,
  ) {}

  /** @throws Unavailable when the provider reports a failure in the middle of its stream */
  of(part: LanguageModelV4StreamPart): ModelEvent[] {
    switch (part.type) {
      case 'text-delta':
        return part.delta === '' ? [] : this.heard({ type: 'text', text: part.delta });
      case 'tool-call':
        return part.providerExecuted ? [] : this.heard(this.toolCall(part));
      case 'finish':
        return this.finished(part);
      case 'error':
        throw unavailable(`${this.subject} broke off: ${this.redact(failureText(part.error))}`, {
          reason: 'StreamFailed',
        });
      default:
        return [];
    }
  }

  private heard(event: ModelEvent): ModelEvent[] {
    this.said = true;
    return [event];
  }

  /** Results find their calls by the id; some servers give one id to all, or none. */
  private toolCall({ toolCallId, toolName, input }: Part<'tool-call'>): ModelEvent {
    let id = toolCallId || 'call';
    for (let number = 2; this.ids.has(id); number += 1) id = `${toolCallId || 'call'}-${number}`;
    this.ids.add(id);
    return { type: 'tool-call', call: { id, name: toolName, arguments: input || '{}' } };
  }

  private finished({ finishReason, usage }: Part<'finish'>): ModelEvent[] {
    const { unified, raw } = finishReason;
    if (unified === 'error' || (raw === undefined && unified === 'other')) {
      throw unavailable(`${this.subject} broke off before its answer was complete`, { reason: 'StreamFailed' });
    }
    if (unified === 'content-filter' && !this.said) {
      throw invalid(`${this.subject} gave no answer: its provider's content filter stopped it (${raw})`);
    }
    const counted = tokens(usage);
    return counted ? [{ type: 'usage', usage: counted }] : [];
  }
}

/** Undefined when the provider did not count. */
function tokens({ inputTokens, outputTokens, raw }: LanguageModelV4Usage): TokenUsage | undefined {
  if (inputTokens.total === undefined && outputTokens.total === undefined) return undefined;
  const promptTokens = inputTokens.total ?? 0;
  const completionTokens = outputTokens.total ?? 0;
  const total = raw?.total_tokens ?? raw?.totalTokens;
  const totalTokens = typeof total === 'number' ? total : promptTokens + completionTokens;
  const cachedTokens = inputTokens.cacheRead ?? 0;
  return { promptTokens, completionTokens, totalTokens, ...(cachedTokens > 0 ? { cachedTokens } : {}) };
}

function failureText(error: unknown): string {
  if (typeof error === 'object' && error !== null && !(error instanceof Error)) {
    return providerMessage(JSON.stringify(error));
  }
  return providerMessage(innermostText(error));
}
