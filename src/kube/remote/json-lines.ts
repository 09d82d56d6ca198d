import { StringDecoder } from 'node:string_decoder';

/**
 * The JSON values of a stream with one value a line. Characters and lines may be split anywhere; a line may be as long
 * as it likes. A last line without line break is dropped: the connection died in the middle of it.
 */
export async function* jsonLines<T>(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<T> {
  const decoder = new StringDecoder('utf8');
  // Parts of an unfinished line are joined once, when it ends: a long line costs its length, not its square.
  let parts: string[] = [];
  for await (const chunk of bytes) {
    const text = decoder.write(chunk as Buffer);
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      parts.push(text.slice(start, end));
      const line = parts.join('').trim();
      parts = [];
      start = end + 1;
      if (line) yield JSON.parse(line) as T;
    }
    if (start < text.length) parts.push(text.slice(start));
  }
}
