import { invalid, type TokenUsage } from '../kit/index.js';
import { QUERY_EXTENSION_REF } from '../resources/labels.js';
import { type CostAmount, costAmounts } from '../resources/shared/spent.js';
import type { ChatMessage } from '../runtime/conversation/chat-message.js';

/** What crosses the wire: never configuration, never a key. */
export interface QueryRef {
  name: string;
  namespace: string;
  /** Which target of the Query is meant, where the Query itself leaves it open. */
  target?: { type: string; name: string };
  /** The conversation of an agent that is asked on behalf of others. */
  conversationId?: string;
}

/** What an engine tells about its run, in the metadata of its answer. */
export interface AnswerFacts {
  tokenUsage?: { prompt_tokens: number; completion_tokens: number; total_tokens: number; cached_tokens?: number };
  /** What they cost; empty where no price is known. Absent: the process that answers counts no cost, its caller does. */
  cost?: CostAmount[];
  conversationId?: string;
  a2a?: { contextId?: string; taskId?: string };
  messages: ChatMessage[];
}

type Metadata = Record<string, unknown> | undefined;

/** The reference in a message or, as Ark's README shows it, beside the message. Throws `Invalid` saying what lacks. */
export function readQueryRef(message: Metadata, request: Metadata): QueryRef {
  const ref = message?.[QUERY_EXTENSION_REF] ?? request?.[QUERY_EXTENSION_REF];
  const key = `message.metadata["${QUERY_EXTENSION_REF}"]`;
  if (ref === undefined) throw invalid(`${key} is missing: it names the Query to answer, as {"name", "namespace"}`);
  if (typeof ref !== 'object' || ref === null || Array.isArray(ref)) throw invalid(`${key} must be an object`);
  const { name, namespace, target, conversationId } = ref as Partial<QueryRef>;
  if (!isName(name)) throw invalid(`${key}.name must be the name of a Query`);
  if (!isName(namespace)) throw invalid(`${key}.namespace must be the namespace of Query '${name}'`);
  if (target === undefined) return { name, namespace };
  if (!isName(target?.type) || !isName(target?.name)) throw invalid(`${key}.target must be {"type", "name"}`);
  const thread = conversationId ?? '';
  if (typeof thread !== 'string' || thread.length > LONGEST_ID) throw invalid(`${key}.conversationId must be a text`);
  return {
    ...{ name, namespace, target: { type: target.type, name: target.name } },
    ...(thread ? { conversationId: thread } : {}),
  };
}

const LONGEST_ID = 253;

/** Kubernetes names only, so that nothing else ever reaches a path or a log. */
const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(value);

export function wireUsage(usage: TokenUsage | undefined): Pick<AnswerFacts, 'tokenUsage' | 'cost'> {
  if (!usage) return {};
  const cached = usage.cachedTokens ? { cached_tokens: usage.cachedTokens } : {};
  const tokenUsage = {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.totalTokens,
    ...cached,
  };
  return { tokenUsage, ...(usage.cost ? { cost: costAmounts(usage.cost) } : {}) };
}
