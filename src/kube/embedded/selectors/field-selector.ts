import type { UntypedObject } from '../../../kit/resource/object.js';
import { badRequest } from '../errors/refusals.js';

export type ObjectMatch = (object: UntypedObject) => boolean;

const ALWAYS = ['metadata.name', 'metadata.namespace'];

/**
 * A field selector such as `metadata.name=x,type!=Normal`. Throws BadRequest for another syntax, and for a field that
 * this kind cannot be selected by.
 */
export function fieldSelector(text: string, selectable: readonly string[] = []): ObjectMatch {
  const terms = text
    .split(/(?<!\\),/)
    .filter((term) => term.trim() !== '')
    .map((term) => termOf(term, selectable));
  return (object) => terms.every((term) => term(object));
}

function termOf(term: string, selectable: readonly string[]): ObjectMatch {
  const [, path, operator, raw] = /^([^=!]+?)(!=|==|=)(.*)$/.exec(term.trim()) ?? [];
  if (path === undefined || operator === undefined) {
    throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  }
  if (!ALWAYS.includes(path) && !selectable.includes(path)) {
    throw badRequest(`field label not supported: ${path}`);
  }
  const value = unescaped(raw ?? '');
  const segments = path.split('.');
  return (object) => (read(object, segments) === value) === (operator !== '!=');
}

/** `\\`, `\,` and `\=` stand for themselves; nothing else may follow a backslash, and no `=` may stand alone. */
function unescaped(raw: string): string {
  for (const [found, escaped] of raw.matchAll(/\\(.?)|=/gs)) {
    if (escaped === undefined) throw badRequest('invalid field selector: unescaped character in value: 61');
    if (!['\\', ',', '='].includes(escaped))
      throw badRequest(`invalid field selector: invalid escape sequence: ${found}`);
  }
  return raw.replace(/\\(.)/gs, '$1');
}

function read(object: unknown, segments: string[]): string {
  let at = object;
  for (const segment of segments) at = (at as Record<string, unknown> | undefined)?.[segment];
  return at === undefined || at === null ? '' : String(at);
}
