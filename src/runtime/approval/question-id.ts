import { createHash } from 'node:crypto';

/** Under which a journal keeps the question that the step of this key has asked. */
export const askingKey = (key: string) => `asking:${key}`;

/** An id for a task that stands for questions: the same facts have the same id, so that a process that dies asks nobody twice. */
export function questionId(facts: readonly string[]): string {
  const hex = createHash('sha256').update(facts.join('\n')).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
