import { describe, expect, it } from '@jest/globals';
import { ruleText } from './rule-text.js';

describe('a rule written for Ark’s evaluator', () => {
  it.each([
    ["tools.was_called('search', scope='current')", "tools.was_called('search')"],
    ["tools.was_called(scope='current', 'search')", "tools.was_called('search')"],
    ["tools.was_called(scope='all', tool_name='search')", "tools.was_called('search')"],
    [
      "tools.parameter_contains('a', scope = \"query\" , key='b', value='c')",
      "tools.parameter_contains('a' , 'b', 'c')",
    ],
    ["tools.get_call_count(scope='session') == 1", 'tools.get_call_count() == 1'],
    ["output.contains(', scope=\\'all\\', and')", "output.contains(', scope=\\'all\\', and')"],
    ['not True or None == output', '! true || null == output'],
  ])('is CEL: %s', (written, cel) => {
    expect(ruleText(written)).toBe(cel);
  });

  // Read in the square of their length, these would take minutes; the runner waits seconds.
  it.each([
    ['blanks', ' '.repeat(400_000)],
    ['commas and blanks', `,${' '.repeat(1000)}`.repeat(400)],
    ['a text without an end', `'${"\\'".repeat(200_000)}`],
    ['names', 'scope'.repeat(80_000)],
  ])('costs no more than its length: %s', (_, written) => {
    const started = performance.now();
    ruleText(written);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
