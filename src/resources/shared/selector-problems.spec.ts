import { describe, expect, it } from '@jest/globals';
import { selectorProblems } from './selector-problems.js';

describe('a label selector of a manifest', () => {
  const by = (key: string, operator: string, values?: string[]) => ({ matchExpressions: [{ key, operator, values }] });

  it.each([
    undefined,
    {},
    { matchLabels: { 'ex.io/app': 'desk', empty: '' } },
    by('tier', 'In', ['gold']),
    by('tier', 'NotIn', ['']),
    by('tier', 'Exists'),
    by('tier', 'DoesNotExist', []),
  ])('%j is right', (selector) => {
    expect(selectorProblems(selector, 'selector')).toEqual([]);
  });

  it.each([
    [by('a', 'Sounds-Like', ['b']), 'unknown operator "Sounds-Like"; known operators: In, NotIn, Exists, DoesNotExist'],
    [by('a', 'toString'), 'unknown operator "toString"; known operators: In, NotIn, Exists, DoesNotExist'],
    [by('a', 'In', []), 'operator In needs values'],
    [by('a', 'NotIn'), 'operator NotIn needs values'],
    [by('a', 'Exists', ['b']), 'operator Exists takes no values'],
    [by('-a', 'Exists'), '"-a" is no label key'],
    [by('a', 'In', ['b c']), '"b c" is no label value'],
  ])('%j is refused', (selector, text) => {
    expect(selectorProblems(selector, 'selector')).toEqual([`selector.matchExpressions[0]: ${text}`]);
  });

  it('names the field of a wrong label', () => {
    expect(selectorProblems({ matchLabels: { a: '-' } }, 'overrides[0].labelSelector')).toEqual([
      'overrides[0].labelSelector.matchLabels: "-" is no label value',
    ]);
  });
});
