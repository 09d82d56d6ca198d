import type { KubeObject } from '../../kit/resource/object.js';

/** What the command line reads of a Query. */
export interface QueryObject extends KubeObject {
  spec: {
    input?: unknown;
    target?: Target;
    targets?: Target[];
    parameters?: NameValue[];
    timeout?: string;
    cancel?: boolean;
    [field: string]: unknown;
  };
  status?: {
    phase?: string;
    response?: Answer;
    responses?: Answer[];
    tokenUsage?: { promptTokens?: number; completionTokens?: number; totalTokens?: number };
    cost?: { amount: string; currency: string }[];
    conversationId?: string;
    duration?: string;
    conditions?: { type: string; status: string; reason: string; message: string }[];
  };
}

export interface Target {
  type: string;
  name: string;
}

export interface Answer {
  content?: string;
  phase?: string;
  target?: Target;
  a2a?: { contextId?: string; taskId?: string };
}

export interface NameValue {
  name: string;
  value: string;
}

const TERMINAL = new Set(['done', 'error', 'canceled']);

export const phaseOf = (query: QueryObject) => query.status?.phase ?? 'pending';

/** Whether nothing more happens by itself: finished, or waiting for a person. */
export const isSettled = (query: QueryObject) => TERMINAL.has(phaseOf(query)) || phaseOf(query) === 'input-required';

/** The final text. Several targets: their texts one after the other. */
export function contentOf(query: QueryObject): string {
  return answersOf(query)
    .map((answer) => answer.content ?? '')
    .join('\n');
}

/** One answer for each target; Queries of any age. */
export function answersOf({ status }: QueryObject): Answer[] {
  if (status?.responses?.length) return status.responses;
  return status?.response ? [status.response] : [];
}

/** Why a Query did not end well, in the words of the server. */
export function failureText(query: QueryObject): string {
  const content = contentOf(query);
  const completed = query.status?.conditions?.find((condition) => condition.type === 'Completed');
  return content || completed?.message || `The query ended in phase ${phaseOf(query)}.`;
}

/** Go's words for a time-out are what every Ark client looks for. */
export const isTimeout = (query: QueryObject) =>
  phaseOf(query) === 'error' && /context deadline exceeded|timed? ?out/i.test(failureText(query));
