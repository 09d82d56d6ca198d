import { describe, expect, it } from '@jest/globals';
import { jsonLines } from './json-lines.js';

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function read(text: string, size: number): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const value of jsonLines(pieces(Buffer.from(text), size))) values.push(value);
  return values;
}

describe('Lines of JSON', () => {
  it.each([1, 2, 3, 7, 1000])('are read from pieces of %i bytes, whatever character they cut', async (size) => {
    expect(await read('{"a":"Ünïcödé 🙂"}\n\n{"b":[1,\r\n', size).catch(() => 'broken')).toBe('broken');
    expect(await read('{"a":"Ünïcödé 🙂"}\n\n{"b":1}\r\n', size)).toEqual([{ a: 'Ünïcödé 🙂' }, { b: 1 }]);
  });

  it('may be long', async () => {
    const long = 'x'.repeat(3_000_000);
    expect(await read(`${JSON.stringify(long)}\n`, 16_384)).toEqual([long]);
  });

  it('are dropped when the stream ends in the middle of one', async () => {
    expect(await read('{"a":1}\n{"b":', 5)).toEqual([{ a: 1 }]);
  });
});
