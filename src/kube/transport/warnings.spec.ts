import { describe, expect, it } from '@jest/globals';
import { warnings } from './warnings.js';

describe('Warnings', () => {
  it('are read from one header or several, with quotes inside', () => {
    expect(warnings('299 - "unknown field \\"spec.x\\"", 299 - "second, with a comma"')).toEqual([
      'unknown field "spec.x"',
      'second, with a comma',
    ]);
    expect(warnings(['299 kube "a"', '299 - "b"'])).toEqual(['a', 'b']);
    expect(warnings(undefined)).toEqual([]);
  });
});
