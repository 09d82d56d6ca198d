import type { Message, SpanAttributes, TokenUsage } from '../../kit/index.js';

/** By OpenTelemetry's conventions, and in the words of OpenInference, which is all that Phoenix reads. */
export const chatAttributes = (provider: string, model: string): SpanAttributes => ({
  'openinference.span.kind': 'LLM',
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': provider,
  'gen_ai.request.model': model,
  'llm.model_name': model,
});

/** What one completion took. Backends add this up: only the span of the completion has it in both spellings. */
export function chatUsageAttributes(usage: TokenUsage): SpanAttributes {
  // A model has prices in one currency.
  const [cost] = usage.cost ?? [];
  return {
    ...usageAttributes(usage),
    'llm.token_count.prompt': usage.promptTokens,
    'llm.token_count.completion': usage.completionTokens,
    'llm.token_count.total': usage.totalTokens,
    ...(usage.cachedTokens ? { 'llm.token_count.prompt_details.cache_read': usage.cachedTokens } : {}),
    // OpenInference counts in dollars.
    ...(cost?.currency === 'USD' ? { 'llm.cost.total': cost.amount } : {}),
  };
}

export function usageAttributes(usage: TokenUsage | undefined): SpanAttributes {
  if (!usage) return {};
  return {
    'gen_ai.usage.input_tokens': usage.promptTokens,
    'gen_ai.usage.output_tokens': usage.completionTokens,
    'gen_ai.usage.total_tokens': usage.totalTokens,
    ...(usage.cachedTokens ? { 'gen_ai.usage.cache_read.input_tokens': usage.cachedTokens } : {}),
    ...costAttributes(usage),
  };
}

/** The conventions know no cost; `gen_ai.usage.cost` is what Langfuse reads. Sums of two currencies are no number. */
function costAttributes({ cost = [] }: TokenUsage): SpanAttributes {
  const [only, ...others] = cost;
  if (!only || others.length > 0) return {};
  return { 'gen_ai.usage.cost': only.amount, 'ark.cost.currency': only.currency };
}

/** What was said, for those who ask for it. */
export function contentAttributes(messages: readonly Message[], said: string): SpanAttributes {
  const input = messages.map(({ role, content }) => ({ role, parts: [{ type: 'text', content }] }));
  const output = [{ role: 'assistant', parts: [{ type: 'text', content: said }] }];
  return { 'gen_ai.input.messages': JSON.stringify(input), 'gen_ai.output.messages': JSON.stringify(output) };
}
