import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { unavailable } from 'nest-ark';

const UNPACK: Record<string, () => NodeJS.ReadWriteStream> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/**
 * What servers pack without being asked, unpacked as it is read.
 *
 * @throws `Unavailable` for an encoding that is not known, and for one in another, which only bombs have
 */
export function unpacked(body: Readable, encoding = ''): AsyncIterable<Uint8Array> {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return body;
  const unpack = Object.hasOwn(UNPACK, name) ? UNPACK[name] : undefined;
  if (!unpack) throw unavailable(`it answers in the encoding "${name.slice(0, 40)}", which is not known`);
  return unpackedAnything(body, unpack);
}

/** Nothing is what 204 sends and what HEAD is answered with, whatever they say of its packing. */
async function* unpackedAnything(body: Readable, unpack: () => NodeJS.ReadWriteStream): AsyncIterable<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const first = await pieces.next();
  if (first.done) return;
  // What fails there fails in the reader, too.
  yield* pipeline(joined(first.value, pieces), unpack(), () => {}) as unknown as AsyncIterable<Uint8Array>;
}

async function* joined(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    // Whoever stops reading closes the connection.
    await rest.return?.();
  }
}

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
