import { describe, expect, it } from '@jest/globals';
import { decisionInWords } from './decision-words.js';

describe('the answer to a question about a tool', () => {
  it.each(['approve', ' Approved\n', 'YES', '{"decision":"approved"}'])('%j lets it be called', (text) => {
    expect(decisionInWords(text)).toBe('{"decision":"approved"}');
  });

  it.each(['reject', 'no', '{"decision":"rejected","why":"dear"}'])('%j keeps it from being called', (text) => {
    expect(decisionInWords(text)).toBe('{"decision":"rejected"}');
  });

  it.each(['', 'perhaps', 'null', '7', '{"decision":true}', 'constructor'])('%j is none', (text) => {
    expect(decisionInWords(text)).toBeUndefined();
  });
});
