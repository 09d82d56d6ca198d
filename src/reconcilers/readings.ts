import { createHash } from 'node:crypto';
import type { KubeObject } from '../kit/index.js';

/** A server that says all the time that it has changed is not asked all the time. */
const SHORTEST_MS = 1_000;
const FIRST_RETRY_MS = 2_000;

interface Reading<Found> {
  /** Of everything that was asked with; a digest, because it may hold keys. */
  fingerprint: string;
  at: number;
  dueAt: number;
  failures: number;
  found?: Found;
}

/** When each foreign server was read, with what result, and when it is to be read again. */
export class Readings<Found> {
  private readonly readings = new Map<string, Reading<Found>>();

  /** Milliseconds until the server is to be read; 0 when it was never read like this. */
  dueIn(object: KubeObject, config: object, now: Date): number {
    const reading = this.readings.get(object.metadata.uid ?? '');
    if (!reading || reading.fingerprint !== fingerprint(object, config)) return 0;
    return Math.max(0, reading.dueAt - now.getTime());
  }

  /** Whether it was read at all; the cache may not show yet what was written then. */
  knows({ metadata }: KubeObject): boolean {
    return this.readings.has(metadata.uid ?? '');
  }

  /** What the last reading found, when it was a success. */
  found(object: KubeObject): Found | undefined {
    return this.readings.get(object.metadata.uid ?? '')?.found;
  }

  /** The server was read just now; when that failed it is tried again sooner. Returns when, in milliseconds. */
  done(object: KubeObject, config: object, read: { found?: Found; pollMs: number; now: Date }): number {
    const uid = object.metadata.uid ?? '';
    const print = fingerprint(object, config);
    const before = this.readings.get(uid);
    const failures = read.found ? 0 : (before?.fingerprint === print ? before.failures : 0) + 1;
    const waitMs = failures === 0 ? read.pollMs : Math.min(read.pollMs, FIRST_RETRY_MS * 2 ** (failures - 1));
    const at = read.now.getTime();
    this.readings.set(uid, { fingerprint: print, at, dueAt: at + waitMs, failures, found: read.found });
    return waitMs;
  }

  /** The server has changed: it is due soon. */
  expire(uid: string, now: Date): void {
    const reading = this.readings.get(uid);
    if (reading) reading.dueAt = Math.min(reading.dueAt, Math.max(now.getTime(), reading.at + SHORTEST_MS));
  }

  forget(uid: string): void {
    this.readings.delete(uid);
  }
}

function fingerprint(object: KubeObject, config: object): string {
  return createHash('sha256')
    .update(JSON.stringify([object.metadata.generation, config]))
    .digest('base64');
}
