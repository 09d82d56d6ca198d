import { describe, expect, it } from '@jest/globals';
import { withoutKeys } from './without-keys.js';

describe('a text of a provider', () => {
  it('holds no key of ours, and nothing that looks like one of somebody else', () => {
    const text = withoutKeys({ apiKey: 'hunter22' })(
      'Not hunter22. Incorrect API key provided: sk-proj-****wxyz. Credential AKIDAKID, AKIAIOSFODNN7EXAMPLE',
    );
    expect(text).toBe('Not …. Incorrect API key provided: …. Credential AKIDAKID, …');
  });
});
