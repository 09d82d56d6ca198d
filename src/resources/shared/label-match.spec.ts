import { describe, expect, it } from '@jest/globals';
import { labelsMatch } from './label-match.js';

describe('a label selector', () => {
  const labels = { app: 'desk', tier: 'gold' };
  const by = (key: string, operator: string, values?: string[]) => ({ matchExpressions: [{ key, operator, values }] });

  it.each([
    [{}, true],
    [{ matchLabels: { app: 'desk' } }, true],
    [{ matchLabels: { app: 'desk', tier: 'silver' } }, false],
    [by('tier', 'In', ['gold', 'silver']), true],
    [by('tier', 'NotIn', ['gold']), false],
    [by('absent', 'NotIn', ['x']), true],
    [by('absent', 'Exists'), false],
    [by('absent', 'DoesNotExist'), true],
    [by('tier', 'Sounds-Like', ['gold']), false],
  ])('%j matches: %s', (selector, expected) => {
    expect(labelsMatch(selector, labels)).toBe(expected);
  });
});
