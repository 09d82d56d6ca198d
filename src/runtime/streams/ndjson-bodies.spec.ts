import { describe, expect, it } from '@jest/globals';
import { jsonLines } from './ndjson-bodies.js';

async function* parts(...texts: (string | Buffer)[]): AsyncGenerator<Buffer, void> {
  for (const text of texts) yield Buffer.from(text as string);
}
async function read(...texts: (string | Buffer)[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of jsonLines(parts(...texts))) lines.push(line);
  return lines;
}

describe('a body of JSON lines', () => {
  it('is read line by line, however it is cut', async () => {
    const whole = Buffer.from('{"a":"ü"}\n\n{"b":2}\r\n{"c":3}');
    expect(await read(whole.subarray(0, 7), whole.subarray(7, 8), whole.subarray(8))).toEqual([
      '{"a":"ü"}',
      '{"b":2}',
      '{"c":3}',
    ]);
  });

  it.each([
    ['{"a":1}\nnonsense\n', 'line 2 is not a JSON object'],
    ['42\n', 'line 1 is not a JSON object'],
    [`{"a":"${'x'.repeat(1 << 20)}"}\n`, 'line 1 is longer than'],
    ['x'.repeat((1 << 20) + 1), 'line 1 is longer than'],
  ])('is refused with the number of the line (%#)', async (text, sentence) => {
    await expect(read(text)).rejects.toThrow(sentence);
  });
});
