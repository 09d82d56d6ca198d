import { describe, expect, it } from '@jest/globals';
import type { Query, QueryResponse } from '../../resources/query/query.resource.js';
import { type Answer, fittingStatus } from './answer-size.js';

const KIB = 1024;
const query = (input = 'hi'): Query => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Query',
  metadata: { name: 'q', namespace: 'n' },
  spec: { input },
});
const stored = (of: Query, answers: Answer[]) =>
  fittingStatus(of, answers, (responses: QueryResponse[]) => ({ phase: 'done', response: responses[0], responses }));
const answer = (content: string): Answer => ({
  response: { content, raw: JSON.stringify([{ role: 'assistant', content }]) },
});
const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe('answers that share the room of an object', () => {
  it('are cut to the sentence alone when there is no room for more', () => {
    const many = Array.from({ length: 8_000 }, () => answer('x'.repeat(100)));
    expect(stored(query(), many).response?.content).toMatch(/^\n\n\[The answer was cut here/);
  });

  it.each([['x'], ['ä'], ['\n'], ['"']])('give way to a long question, answered with many %j', (character) => {
    const of = query('i'.repeat(1024 * KIB));
    const status = stored(of, [answer(character.repeat(600 * KIB))]);
    expect(bytes({ ...of, status })).toBeLessThan(1.5 * KIB * KIB);
    // Twice in the status, so that a quarter of a mebibyte is not all lost to caution.
    expect(bytes(status.response?.content)).toBeGreaterThan(100 * KIB);
    expect(status.response?.content).toContain('[The answer was cut here: it takes');
  });

  it('say where the whole answer is', () => {
    const status = stored(query(), [{ ...answer('x'.repeat(600 * KIB)), keptIn: 'conv-1' }]);
    expect(status.response?.content).toMatch(/The whole answer is in the conversation 'conv-1'\.\]$/);
  });

  it('stay whole up to 512 KiB beside a short question', () => {
    const content = 'x'.repeat(500 * KIB);
    expect(stored(query(), [answer(content)]).response?.content).toBe(content);
  });
});
