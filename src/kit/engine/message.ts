import { addCosts, type Cost } from '../model/cost.js';
import type { ToolImage, ToolResult } from '../tool/tool-result.js';

/** A call of a tool that a model asked for. */
export interface ToolCall {
  /** Chosen by the model; the result carries the same one. */
  id: string;
  name: string;
  /** JSON text, as the model wrote it. */
  arguments: string;
}

/** One turn of a conversation. The shape follows OpenAI's chat messages, in camel case. */
export interface Message {
  role: 'system' | 'user' | 'assistant' | 'tool';
  /** The words; empty text where there are none. */
  content: string;
  /** Who spoke, when several agents share a conversation. */
  name?: string;
  /** For role `assistant`: the calls of this turn. Absent: none. */
  toolCalls?: ToolCall[];
  /** For role `tool`: the call this answers. */
  toolCallId?: string;
  /** For role `tool`: the call failed, and the content says why. */
  isError?: boolean;
  /** For the roles `user` and `tool`: what a model that can see is shown beside the text. */
  images?: ToolImage[];
}

/** What a tool answered, as a model reads it. Without images for a model that cannot see, and for a transcript. */
export function toolMessage(call: ToolCall, { text, isError, images = [] }: ToolResult): Message {
  return {
    role: 'tool',
    content: text,
    toolCallId: call.id,
    ...(isError ? { isError } : {}),
    ...(images.length > 0 ? { images } : {}),
  };
}

/** Token counts of model calls, summed by whoever reports them. */
export interface TokenUsage {
  /** Of what the model read. */
  promptTokens: number;
  /** Of what the model said. */
  completionTokens: number;
  /** Of both. */
  totalTokens: number;
  /** Those of the prompt that came from the provider's cache. Absent: none, or not told. */
  cachedTokens?: number;
  /**
   * What they cost by the prices in the annotations of the Model, one sum for each currency; empty where no price is known.
   * The runtime writes it over what an engine or a provider says. Absent: the runtime has not seen the report yet.
   */
  cost?: Cost[];
}

/** The sum of two reports; the second one where there is no first. */
export function addUsage(a: TokenUsage | undefined, b: TokenUsage): TokenUsage {
  if (!a) return b;
  const cachedTokens = (a.cachedTokens ?? 0) + (b.cachedTokens ?? 0);
  const cost = (a.cost ?? b.cost) && addCosts(a.cost ?? [], b.cost ?? []);
  return {
    promptTokens: a.promptTokens + b.promptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    totalTokens: a.totalTokens + b.totalTokens,
    ...(cachedTokens > 0 ? { cachedTokens } : {}),
    ...(cost ? { cost } : {}),
  };
}
