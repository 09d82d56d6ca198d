import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's space for young objects at its first size, and returns the way to let it grow again.
 *
 * While modules and stored objects are loaded nearly everything that is allocated stays. V8 takes that for a busy
 * program and makes the space 64 MiB, of which an idle process gives nothing back; load makes it grow soon enough.
 */
export function keepYoungHeapSmall(): () => void {
  setFlagsFromString('--semi-space-growth-factor=1');
  // V8's default.
  return () => setFlagsFromString('--semi-space-growth-factor=2');
}
