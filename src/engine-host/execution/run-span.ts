import type { ExecutionRequest, SpanAttributes } from '../../kit/index.js';

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
