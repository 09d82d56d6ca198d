import { describe, expect, it } from '@jest/globals';
import { query } from '../../../test/harness/manifests.js';
import { MemoryObjects } from '../../../test/harness/memory-objects.js';
import type { Query } from '../../resources/query/query.resource.js';
import { resultFunctions } from './result-functions.js';

const owner = { namespace: 'default', query: query('q', {}) as unknown as Query };
const through = (text: string, ...filters: string[]) =>
  resultFunctions(
    filters.map((value) => ({ name: 'jq', value })),
    text,
    owner,
    new MemoryObjects(),
  );

describe('functions of a tool’s result', () => {
  it.each([
    ['one output', '.a', '{"b":"x"}'],
    ['several as a list', '.list[]', '[1,2]'],
    ['none as nothing', '.list[] | select(. > 9)', ''],
  ])('jq gives %s', async (_, filter, expected) => {
    expect(await through('{"a":{"b":"x"},"list":[1,2]}', filter)).toBe(expected);
  });

  it('are applied one after the other', async () => {
    expect(await through('{"a":{"b":"x"}}', '.a', '.b')).toBe('"x"');
  });

  it('leave a result alone that is not JSON', async () => {
    expect(await through('plain words', '.a')).toBe('plain words');
  });

  it('say what is wrong with a filter', async () => {
    await expect(through('{}', '.a | nonsense(')).rejects.toMatchObject({ family: 'Invalid' });
    await expect(through('[1]', '.a')).rejects.toThrow(/function jq, filter "\.a"/);
  });

  it('cannot take all memory there is', async () => {
    const before = process.memoryUsage.rss();
    await expect(through('1', '"x" * 600000000 | length')).rejects.toThrow('it needs more memory than a filter gets');
    expect(process.memoryUsage.rss() - before).toBeLessThan(500 << 20);
  });

  it('must be known', async () => {
    const unknown = resultFunctions([{ name: 'awk', value: '' }], '{}', owner, new MemoryObjects());
    await expect(unknown).rejects.toThrow("function 'awk' is unknown; known functions: jq");
  });
});
