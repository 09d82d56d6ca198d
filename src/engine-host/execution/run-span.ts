import type { ExecutionRequest, Message, SpanAttributes, TokenUsage } from '../../kit/index.js';

/** The span of one engine's work. Names follow OpenTelemetry's conventions for generative AI; `agent.name` and its kin, Ark. */
export function runSpan(
  engine: string,
  { target, agent }: ExecutionRequest,
): { name: string; attributes: SpanAttributes } {
  const shared = { 'ark.engine': engine, 'target.type': target.type, 'target.name': target.name };
  const { model } = agent;
  const asked: SpanAttributes = model
    ? { 'gen_ai.provider.name': model.provider, 'gen_ai.request.model': model.id }
    : {};
  if (target.type !== 'agent') return { name: `target ${target.name}`, attributes: { ...shared, ...asked } };
  const own = {
    'openinference.span.kind': 'AGENT',
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': agent.name,
    'agent.name': agent.name,
  };
  return { name: `invoke_agent ${agent.name}`, attributes: { ...shared, ...asked, ...own } };
}

export const chatAttributes = (provider: string, model: string): SpanAttributes => ({
  'openinference.span.kind': 'LLM',
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': provider,
  'gen_ai.request.model': model,
});

export function usageAttributes(usage: TokenUsage | undefined): SpanAttributes {
  if (!usage) return {};
  return {
    'gen_ai.usage.input_tokens': usage.promptTokens,
    'gen_ai.usage.output_tokens': usage.completionTokens,
    'gen_ai.usage.total_tokens': usage.totalTokens,
  };
}

/** What was said, for those who ask for it. */
export function contentAttributes(messages: readonly Message[], said: string): SpanAttributes {
  const input = messages.map(({ role, content }) => ({ role, parts: [{ type: 'text', content }] }));
  const output = [{ role: 'assistant', parts: [{ type: 'text', content: said }] }];
  return { 'gen_ai.input.messages': JSON.stringify(input), 'gen_ai.output.messages': JSON.stringify(output) };
}
