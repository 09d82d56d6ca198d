import { invalid, type TeamReply } from 'nest-ark';
import { SELECT_TOOL, TERMINATE_TOOL } from './selector-question.js';

/** A member by name; or the end, with or without a last word. */
export type Choice = { name: string } | { closing: string };

const LONGEST_EXCERPT = 120;

/**
 * What a chooser decided, by a tool or, where its engine offers none, in words.
 *
 * @throws `Invalid` saying what it did instead
 */
export function readChoice({ call, text }: TeamReply, candidates: string[], mayTerminate: boolean): Choice {
  if (call) {
    const given = argumentsOf(call.arguments);
    if (call.name === TERMINATE_TOOL && mayTerminate) return { closing: String(given.response ?? '') };
    if (call.name !== SELECT_TOOL) throw invalid(`it called '${call.name}', which it was not offered`);
    return { name: matched(String(given.name ?? ''), candidates) };
  }
  const end = mayTerminate ? /^\s*TERMINATE(?:_TEAM)?\b\s*:?\s*(?<closing>[\s\S]*)$/.exec(text) : null;
  return end ? { closing: end.groups?.closing?.trim() ?? '' } : { name: matched(text, candidates) };
}

/** Exactly; else in any case; else the longest name that stands in the text as a word, if there is only one such. */
function matched(said: string, candidates: string[]): string {
  const wanted = said.trim();
  const lower = wanted.toLowerCase();
  const exact = candidates.find((name) => name === wanted) ?? candidates.find((name) => name.toLowerCase() === lower);
  if (exact) return exact;
  const named = candidates.filter((name) => standsIn(name.toLowerCase(), lower));
  const longest = named.filter((name) => !named.some((other) => other !== name && other.includes(name)));
  const [only, another] = longest;
  if (only && !another) return only;
  const excerpt = wanted.length > LONGEST_EXCERPT ? `${wanted.slice(0, LONGEST_EXCERPT)}…` : wanted;
  const problem = another ? `named several: ${longest.join(', ')}` : 'named no participant';
  throw invalid(`it ${problem}: "${excerpt}"; there are: ${candidates.join(', ')}`);
}

/** Names hold dots and dashes, so that `\b` is no end of a name. */
function standsIn(name: string, text: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const rest = text.slice(at + name.length);
    if (!/[\w-]$/.test(text.slice(0, at)) && !/^(?:[\w-]|\.\w)/.test(rest)) return true;
  }
  return false;
}

function argumentsOf(json: string): { name?: unknown; response?: unknown } {
  try {
    return (JSON.parse(json) ?? {}) as object;
  } catch {
    return {};
  }
}
