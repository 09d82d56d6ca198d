import { invalid, type Message, renderTemplate } from '../../kit/index.js';

import { resolveParameters } from '../values/resolve-parameters.js';
import type { ValueLookup } from '../values/value-lookup.js';
import type { Query, QuerySpec } from './query.resource.js';

/** Part of Ark's wire format: clients look for it in a failed Query's answer. */
const NO_INPUT = 'failed to get input string';

/** What the user says, before parameters are filled in. Throws `Invalid` when there is no text. */
export function queryInput(spec: Pick<QuerySpec, 'type' | 'input'>): string {
  if (spec.type === 'messages') {
    const text = lastUserText(spec.input);
    if (text === undefined) throw invalid(`${NO_INPUT}: no message of role user with text in spec.input`);
    return text;
  }
  if (typeof spec.input === 'string') return spec.input;
  throw invalid(`${NO_INPUT}: spec.input must be a text, or say type: messages for a list of chat messages`);
}

/** What the user says, with the Query's parameters filled in. */
export async function renderedInput(query: Query, lookup: ValueLookup): Promise<string> {
  const text = queryInput(query.spec);
  if (!query.spec.parameters?.length) return text;
  const namespace = query.metadata.namespace ?? '';
  return renderTemplate(text, await resolveParameters(query.spec.parameters, namespace, lookup, query));
}

/** The turns before the last user message of a Query of type `messages`; empty for every other Query. */
export function inputHistory(spec: Pick<QuerySpec, 'type' | 'input'>): Message[] {
  if (spec.type !== 'messages' || !Array.isArray(spec.input)) return [];
  const turns = spec.input.map(toMessage).filter((turn) => turn !== undefined);
  return turns.slice(
    0,
    Math.max(
      0,
      turns.findLastIndex((turn) => turn.role === 'user'),
    ),
  );
}

/** The text of the last user message of an OpenAI messages array; undefined when there is none. */
export function lastUserText(input: unknown): string | undefined {
  if (!Array.isArray(input)) return undefined;
  const last = input.findLast((turn: unknown) => isObject(turn) && turn.role === 'user') as ChatTurn | undefined;
  return last ? contentText(last.content) : undefined;
}

interface ChatTurn {
  role?: unknown;
  content?: unknown;
  name?: unknown;
}

const ROLES: readonly unknown[] = ['system', 'user', 'assistant', 'tool'];

function toMessage(turn: unknown): Message | undefined {
  if (!isObject(turn)) return undefined;
  const { role, name } = turn as ChatTurn;
  const content = contentText((turn as ChatTurn).content);
  if (!ROLES.includes(role) || content === undefined) return undefined;
  return { role: role as Message['role'], content, ...(typeof name === 'string' ? { name } : {}) };
}

/** Message content is a text, or a list of parts of which those of type `text` count. */
function contentText(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  const texts = content.filter(
    (part: unknown) => isObject(part) && part.type === 'text' && typeof part.text === 'string',
  );
  return texts.length > 0 ? texts.map((part: { text: string }) => part.text).join('\n') : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
