/** Reads a body as text, up to so many bytes; the rest is not read, and the text says so. */
export async function readBounded(body: AsyncIterable<Uint8Array>, limit: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    pieces.push(piece.subarray(0, limit - size));
    size += piece.length;
    // Leaving the loop closes the connection: nobody waits for what nobody reads.
    if (size > limit) break;
  }
  const text = new TextDecoder().decode(Buffer.concat(pieces));
  return size > limit ? `${text}\n[cut here: the answer is longer than ${limit} bytes]` : text;
}
