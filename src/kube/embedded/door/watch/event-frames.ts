import type { StoredObject } from '../../store/stored-object.js';
import type { StoredEvent } from '../../watch/stored-event.js';

/** Many times what one turn of the event loop delivers: watchers of one object write its frame at about the same time. */
const DEFAULT_BYTES = 4 * 1024 * 1024;

type Frames = Partial<Record<StoredEvent['type'], Buffer>>;

/**
 * The bytes of a watch event, made once per object version and type for all watchers that are about equally fast. The
 * oldest are forgotten: who is behind has its own made.
 */
export class EventFrames {
  private readonly frames = new Map<StoredObject, Frames>();
  private bytes = 0;

  constructor(private readonly limit = DEFAULT_BYTES) {}

  of({ type, stored }: StoredEvent): Buffer {
    const known = this.frames.get(stored);
    const before = known?.[type];
    if (before) return before;
    const frame = Buffer.from(`{"type":"${type}","object":${stored.json}}\n`);
    if (known) known[type] = frame;
    else this.frames.set(stored, { [type]: frame });
    this.bytes += frame.length;
    this.makeRoom(stored);
    return frame;
  }

  private makeRoom(newest: StoredObject): void {
    for (const [stored, frames] of this.frames) {
      if (this.bytes <= this.limit || stored === newest) return;
      this.frames.delete(stored);
      for (const frame of Object.values(frames)) this.bytes -= frame.length;
    }
  }
}

/** The bytes of an event whose object was made for one watcher. */
export function frameOf(type: StoredEvent['type'] | 'ERROR', object: object): Buffer {
  return Buffer.from(`${JSON.stringify({ type, object })}\n`);
}
