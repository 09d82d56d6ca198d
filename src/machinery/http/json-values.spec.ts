import { describe, expect, it } from '@jest/globals';
import { hasTooManyValues, MOST_VALUES } from './json-values.js';

const many = (value: string) => Buffer.from(`[${`${value},`.repeat(MOST_VALUES)}${value}]`);

describe('the values of a JSON text', () => {
  it.each(['{}', '[]', '""', '1', '"\\""', '"a\\\\"'])('are too many: %s', (value) => {
    expect(hasTooManyValues(many(value))).toBe(true);
  });

  it('are too many in one object, and in one chain', () => {
    expect(hasTooManyValues(Buffer.from(`{${'"":0,'.repeat(MOST_VALUES)}"":0}`))).toBe(true);
    expect(hasTooManyValues(Buffer.from('{"a":'.repeat(MOST_VALUES + 1)))).toBe(true);
  });

  it('are not what stands in strings, however long, quoted or cut off', () => {
    const prose = '[a], {b}, \\"c\\", \\\\ '.repeat(MOST_VALUES);
    expect(hasTooManyValues(Buffer.from(`["${prose}"]`))).toBe(false);
    expect(hasTooManyValues(Buffer.from(`["${prose}`))).toBe(false);
    expect(hasTooManyValues(Buffer.from(`["${prose}\\`))).toBe(false);
    expect(hasTooManyValues(Buffer.from(`["${prose}",${'{},'.repeat(MOST_VALUES)}`))).toBe(true);
  });

  it('are as many as people send', () => {
    expect(
      hasTooManyValues(
        Buffer.from(
          `[${Array(MOST_VALUES - 1)
            .fill('1')
            .join(',')}]`,
        ),
      ),
    ).toBe(false);
  });
});
