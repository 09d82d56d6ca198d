import { describe, expect, it } from '@jest/globals';
import { ProcessorLimit } from './processor-limit.js';

const FOREVER = /^(a+)+$/;
const NEARLY = `${'a'.repeat(60)}!`;

describe('work within its time', () => {
  const limit = new ProcessorLimit(50);

  it('gives what it gives and throws what it throws', () => {
    expect(limit.run(() => FOREVER.test('aaa'))).toBe(true);
    expect(limit.run(() => limit.run(() => 'inner'))).toBe('inner');
    expect(() =>
      limit.run(() => {
        throw new TypeError('mine');
      }),
    ).toThrow(TypeError);
  });

  it('is given up once it has had its time of the processor, whatever it catches', () => {
    expect(limit.run(() => FOREVER.test(NEARLY))).toBeUndefined();
    const stubborn = () => {
      try {
        return FOREVER.test(NEARLY);
      } catch {
        return 'caught';
      }
    };
    expect(limit.run(stubborn)).toBeUndefined();
    expect(limit.run(() => 'again')).toBe('again');
  });

  it('is tried again when the machine was too busy for it', () => {
    // Two tries pass without any time of our own, the third has it.
    const times = [0, 0, 0, 0, 0, 500];
    expect(
      limit.run(
        () => FOREVER.test(NEARLY),
        () => times.shift() ?? 0,
      ),
    ).toBeUndefined();
    expect(times).toEqual([]);
  });
});
