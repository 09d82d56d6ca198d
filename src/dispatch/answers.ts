import { type Artifact, type Message, type Part, type Task, TaskState } from '@a2a-js/sdk';
import type { AnswerFacts } from '../engine-host/query-extension.js';
import type { TokenUsage } from '../kit/index.js';
import type { QueryOutcome, WaitingTask } from '../reconcilers/query/query-dispatcher.js';
import { QUERY_EXTENSION_REF } from '../resources/labels.js';
import type { QueryTarget } from '../resources/shared/reference.js';
import { readCosts } from '../resources/shared/spent.js';

type Facts = Partial<AnswerFacts>;

/** Whether an answer is a Message; a Task has no messageId. */
export const isMessage = (answer: Message | Task): answer is Message => 'messageId' in answer;

/** What an engine's answer means for the Query. `where`: who answered, in words for people; default: the target. */
export function outcomeOf(target: QueryTarget, answer: Message | Task, where?: string): QueryOutcome {
  return isMessage(answer) ? outcomeOfMessage(target, answer) : outcomeOfTask(target, answer, where);
}

/** A failure as Ark writes it. */
export function failedOutcome(target: QueryTarget, text: string): QueryOutcome {
  const raw = JSON.stringify([{ error: 'target_execution_error', message: text }]);
  return { target, content: text, raw, phase: 'error' };
}

/** Whether nothing more will come from a task unless somebody acts. */
export function isSettled(task: Task): boolean {
  return PHASES.has(task.status?.state ?? TaskState.TASK_STATE_UNSPECIFIED);
}

const PHASES = new Map<TaskState, QueryOutcome['phase']>([
  [TaskState.TASK_STATE_COMPLETED, 'done'],
  [TaskState.TASK_STATE_FAILED, 'error'],
  [TaskState.TASK_STATE_REJECTED, 'error'],
  [TaskState.TASK_STATE_CANCELED, 'canceled'],
  [TaskState.TASK_STATE_INPUT_REQUIRED, 'input-required'],
  [TaskState.TASK_STATE_AUTH_REQUIRED, 'input-required'],
]);

function outcomeOfMessage(target: QueryTarget, message: Message): QueryOutcome {
  const facts = factsIn(message.metadata, message.contextId, message.taskId);
  return done(target, [readable(message.parts)], facts);
}

function outcomeOfTask(target: QueryTarget, task: Task, where?: string): QueryOutcome {
  const phase = PHASES.get(task.status?.state ?? TaskState.TASK_STATE_UNSPECIFIED);
  const facts = factsIn(task.metadata, task.contextId, task.id);
  const said = readable(task.status?.message?.parts);
  if (phase === 'done') return done(target, textsOf(task), facts);
  const a2a = a2aOf(facts);
  const rest = { ...(a2a ? { a2a } : {}), ...conversation(facts) };
  if (phase === 'input-required') {
    const waiting = waitingTask(task);
    const asked = said || textsOf(task)[0] || '';
    const content = waiting.state === 'auth-required' ? wantsAuthentication(asked, where ?? named(target)) : asked;
    return { target, content: content || 'the engine waits for input', raw: '{}', phase, task: waiting, ...rest };
  }
  const tokenUsage = usageIn(facts);
  const spent = tokenUsage ? { tokenUsage } : {};
  if (phase === 'canceled')
    return { target, content: said || 'the engine canceled the task', raw: '[]', phase, ...rest, ...spent };
  const failure =
    phase === 'error' ? said || 'task failed' : `the task stopped in state ${task.status?.state ?? 'none'}`;
  return { ...failedOutcome(target, failure), ...rest, ...spent };
}

const named = ({ type, name }: QueryTarget) => `${type} '${name}'`;

/** Somebody has to prove who they are before an answer is of use; the address is in what the agent says. */
const wantsAuthentication = (asked: string, where: string) =>
  `Authentication is wanted by ${where}${asked ? `: ${asked}` : ', which does not say where'}`;

function waitingTask({ id, contextId, status, metadata }: Task): WaitingTask {
  const texts = Object.entries(metadata ?? {}).map(([key, value]) => [key, asText(value)] as const);
  const state = status?.state === TaskState.TASK_STATE_AUTH_REQUIRED ? 'auth-required' : 'input-required';
  return { id, contextId, state, metadata: Object.fromEntries(texts) };
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));

function done(target: QueryTarget, texts: string[], facts: Facts): QueryOutcome {
  const spoken = texts.map((content) => ({ role: 'assistant', content }));
  const raw = JSON.stringify(facts.messages ?? spoken);
  const tokenUsage = usageIn(facts);
  const a2a = a2aOf(facts);
  return {
    target,
    content: texts.join('\n\n'),
    raw,
    phase: 'done',
    ...(a2a ? { a2a } : {}),
    ...(tokenUsage ? { tokenUsage } : {}),
    ...conversation(facts),
  };
}

/** The answers in a task: its artifacts; else its last status text; else what the agent said on the way. */
function textsOf(task: Task): string[] {
  const byId = new Map<string, Artifact>(task.artifacts.map((artifact) => [artifact.artifactId, artifact]));
  const artifacts = [...byId.values()].map((artifact) => readable(artifact.parts)).filter(Boolean);
  if (artifacts.length > 0) return artifacts;
  const status = readable(task.status?.message?.parts);
  if (status) return [status];
  const AGENT = 2;
  const history = task.history.filter((message) => message.role === AGENT).map((message) => readable(message.parts));
  const said = history.filter(Boolean);
  return said.length > 0 ? said : [''];
}

/** Every kind of part as text a person can read. */
export function readable(parts: Part[] | undefined): string {
  return (parts ?? []).map(partText).join('');
}

function partText({ content, filename, mediaType }: Part): string {
  if (content?.$case === 'text') return content.value;
  if (content?.$case === 'data') return JSON.stringify(content.value);
  if (content?.$case === 'url') return content.value;
  if (content?.$case === 'raw') return `[${filename || mediaType || 'file'}, ${content.value.length} bytes]`;
  return '';
}

/** The facts in an answer's metadata; ids of the answer itself are used where the engine told none. */
function factsIn(metadata: Record<string, unknown> | undefined, contextId: string, taskId: string): Facts {
  const told = metadata?.[QUERY_EXTENSION_REF];
  const facts: Facts = typeof told === 'object' && told !== null ? told : {};
  const a2a = { ...(contextId ? { contextId } : {}), ...(taskId ? { taskId } : {}), ...facts.a2a };
  const messages = Array.isArray(facts.messages) ? facts.messages : undefined;
  return { ...facts, a2a, messages };
}

function a2aOf({ a2a }: Facts): QueryOutcome['a2a'] {
  const { contextId, taskId } = a2a ?? {};
  return contextId || taskId ? { ...(contextId ? { contextId } : {}), ...(taskId ? { taskId } : {}) } : undefined;
}

function conversation({ conversationId, a2a }: Facts): { conversationId?: string } {
  const id = typeof conversationId === 'string' && conversationId ? conversationId : a2a?.contextId;
  return id ? { conversationId: id } : {};
}

function usageIn({ tokenUsage, cost }: Facts): TokenUsage | undefined {
  const count = (value: unknown) =>
    typeof value === 'number' && Number.isFinite(value) ? Math.max(0, Math.trunc(value)) : 0;
  const totalTokens = count(tokenUsage?.total_tokens);
  if (totalTokens <= 0) return undefined;
  const cachedTokens = count(tokenUsage?.cached_tokens);
  return {
    promptTokens: count(tokenUsage?.prompt_tokens),
    completionTokens: count(tokenUsage?.completion_tokens),
    totalTokens,
    ...(cachedTokens > 0 ? { cachedTokens } : {}),
    ...(Array.isArray(cost) ? { cost: readCosts(cost) } : {}),
  };
}
