import type { EngineEvent } from '../../kit/index.js';

type Fields = Record<string, unknown>;

const ROLES = ['system', 'user', 'assistant', 'tool'];

const isText = (value: unknown) => typeof value === 'string';
const isCount = (value: unknown) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isCall = (value: unknown) => isObject(value) && [value.id, value.name, value.arguments].every(isText);
const isResult = (value: unknown) => isObject(value) && isText(value.text);
const isUsage = (value: unknown) =>
  isObject(value) &&
  [value.promptTokens, value.completionTokens, value.totalTokens, value.cachedTokens ?? 0].every(isCount);
const isMessage = (value: unknown) =>
  isObject(value) &&
  isText(value.content) &&
  ROLES.includes(value.role as string) &&
  (value.toolCalls === undefined || (Array.isArray(value.toolCalls) && value.toolCalls.every(isCall)));

/** What each type of event holds, and how that reads in an error. */
const SHAPES: Record<EngineEvent['type'], [field: string, fits: (value: unknown) => boolean, words: string][]> = {
  text: [['text', isText, 'a string']],
  message: [['message', isMessage, 'a message with role and content']],
  'tool-call': [['call', isCall, 'a call with id, name and arguments as strings']],
  'tool-result': [
    ['call', isCall, 'a call with id, name and arguments as strings'],
    ['result', isResult, 'a result with text'],
  ],
  usage: [['usage', isUsage, 'counts promptTokens, completionTokens and totalTokens, and cachedTokens if any']],
  conversation: [['conversationId', isText, 'a string']],
};

/**
 * What is wrong with something an engine yielded; undefined for an event as the kit describes them. Names types and
 * fields, never values: they may be anybody's secrets.
 */
export function faultOf(event: unknown): string | undefined {
  if (!isObject(event)) return `${event === null ? 'null' : typeof event} instead of an event, ${KNOWN}`;
  const { type } = event;
  if (typeof type !== 'string') return `an object without a type instead of an event, ${KNOWN}`;
  if (!Object.hasOwn(SHAPES, type)) return `an event of the unknown type '${type.slice(0, 40)}': it takes ${TYPES}`;
  for (const [field, fits, words] of SHAPES[type as EngineEvent['type']]) {
    if (!fits(event[field])) return `an event '${type}' whose field '${field}' is not ${words}`;
  }
  return undefined;
}

const TYPES = Object.keys(SHAPES).join(', ');
const KNOWN = `e.g. { type: 'text', text: '…' }`;
