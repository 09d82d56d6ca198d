import type { Environment } from '@marcbachmann/cel-js';

/** The string functions of Kubernetes that the library lacks. */
export function registerStrings(environment: Environment): void {
  environment
    .registerFunction('string.find(string): string', (text: string, pattern: string) => {
      return new RegExp(pattern, 'u').exec(text)?.[0] ?? '';
    })
    .registerFunction('string.findAll(string): list<string>', (text: string, pattern: string) => {
      return text.match(new RegExp(pattern, 'gu')) ?? [];
    })
    .registerFunction('string.findAll(string, int): list<string>', (text: string, pattern: string, limit: bigint) => {
      const found = text.match(new RegExp(pattern, 'gu')) ?? [];
      return limit < 0n ? found : found.slice(0, Number(limit));
    })
    .registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) => {
      return text.replaceAll(from, () => to);
    })
    .registerFunction(
      'string.replace(string, string, int): string',
      (text: string, from: string, to: string, limit: bigint) => replaceSome(text, from, to, limit),
    )
    .registerFunction('string.charAt(int): string', (text: string, index: bigint) => [...text][Number(index)] ?? '')
    .registerFunction('string.reverse(): string', (text: string) => [...text].reverse().join(''));
}

function replaceSome(text: string, from: string, to: string, limit: bigint): string {
  if (limit < 0n) return text.replaceAll(from, () => to);
  let result = text;
  let position = 0;
  for (let count = 0n; count < limit; count++) {
    const found = result.indexOf(from, position);
    if (found < 0) return result;
    result = result.slice(0, found) + to + result.slice(found + from.length);
    position = found + to.length;
  }
  return result;
}
