import type { WaitingTask } from '../reconcilers/query/query-dispatcher.js';

/** What readers of a stream hear about a question, as Ark writes it: JSON text; undefined for a task that asks for none. */
export function approvalNotice({ id, metadata }: WaitingTask, target: string): string | undefined {
  const { toolCalls, timeout, onTimeout, context } = metadata;
  if (toolCalls === undefined) return undefined;
  const { AgentName: agentName = target } = (parsed(context) ?? {}) as { AgentName?: string };
  const type = 'tool_approval_request';
  return JSON.stringify({ type, taskId: id, toolCalls: parsed(toolCalls) ?? [], timeout, onTimeout, agentName });
}

/** Engines elsewhere write what they like. */
function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
