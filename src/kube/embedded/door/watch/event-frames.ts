import type { StoredObject } from '../../store/stored-object.js';
import type { StoredEvent } from '../../watch/stored-event.js';

/** The bytes of a watch event, made once per object version and type however many watchers there are. */
export class EventFrames {
  private readonly frames = new WeakMap<StoredObject, Partial<Record<StoredEvent['type'], Buffer>>>();

  of(event: StoredEvent): Buffer {
    let ofObject = this.frames.get(event.stored);
    if (!ofObject) {
      ofObject = {};
      this.frames.set(event.stored, ofObject);
    }
    ofObject[event.type] ??= Buffer.from(`{"type":"${event.type}","object":${event.stored.json}}\n`);
    return ofObject[event.type]!;
  }
}

/** The bytes of an event whose object was made for one watcher. */
export function frameOf(type: StoredEvent['type'] | 'ERROR', object: object): Buffer {
  return Buffer.from(`${JSON.stringify({ type, object })}\n`);
}
