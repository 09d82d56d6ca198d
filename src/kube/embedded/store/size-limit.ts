import { StatusError } from '../../api-server/status.js';
import type { StoredObject } from './stored-object.js';

/** As etcd behind a real API server: 1.5 MiB. */
const MAX_BYTES = 1.5 * 1024 * 1024;

export function checkSize(stored: StoredObject): void {
  // A character is at most 3 bytes of UTF-8; short texts need no count.
  if (stored.json.length * 3 <= MAX_BYTES) return;
  const bytes = Buffer.byteLength(stored.json);
  if (bytes <= MAX_BYTES) return;
  const { kind, metadata } = stored.object;
  throw new StatusError(
    'RequestEntityTooLarge',
    `etcdserver: request is too large: ${kind} "${metadata.name}" has ${bytes} bytes, the limit is ${MAX_BYTES}`,
  );
}
