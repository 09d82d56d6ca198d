import { describe, expect, it } from '@jest/globals';
import { fitAnswers } from './answer-size.js';

describe('answers that share the room of a status', () => {
  it('are cut to the sentence alone when there is no room for more', () => {
    const many = Array.from({ length: 8_000 }, () => ({ content: 'x'.repeat(100) }));
    expect(fitAnswers(many)[0]?.content).toMatch(/^\n\n\[The answer was cut here/);
  });
});
