import type { UntypedObject } from '../../../kit/resource/object.js';
import { StatusError } from '../../api-server/status.js';

/** As etcd behind a real API server: 1.5 MiB. */
const MAX_BYTES = 1.5 * 1024 * 1024;

export function checkSize(object: UntypedObject): void {
  // A character is at most 3 bytes of UTF-8; short texts need no count.
  const text = JSON.stringify(object);
  if (text.length * 3 <= MAX_BYTES) return;
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_BYTES) return;
  throw new StatusError(
    'RequestEntityTooLarge',
    `etcdserver: request is too large: ${object.kind} "${object.metadata.name}" has ${bytes} bytes, the limit is ${MAX_BYTES}`,
  );
}
