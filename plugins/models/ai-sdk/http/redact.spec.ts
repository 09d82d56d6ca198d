import { describe, expect, it } from '@jest/globals';
import { redactor } from './redact.js';

describe('a text that is shown', () => {
  it('holds no value that stands under the name of a secret, however deep', () => {
    const redact = redactor({ auth: { apiKey: 'hunter22' } }, { Authorization: 'Bearer abc.def', 'X-Team': 'blue' });
    expect(redact('hunter22 of team blue sent Bearer abc.def')).toBe('… of team blue sent Bearer …');
  });

  it('takes the longer of two secrets out whole', () => {
    expect(redactor({ token: 'abcd', apiKey: 'abcdef' })('abcdef abcd')).toBe('… …');
  });

  it('holds nothing that looks like a key, also of somebody else', () => {
    const text = redactor({})(
      'Incorrect API key provided: sk-proj-****wxyz. Credential AKIDAKID, AKIAIOSFODNN7EXAMPLE',
    );
    expect(text).toBe('Incorrect API key provided: …. Credential AKIDAKID, …');
  });
});
