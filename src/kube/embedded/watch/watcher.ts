import type { UntypedObject } from '../../../kit/resource/object.js';
import type { Kind } from '../kinds/kind.js';
import { viewOf } from '../kinds/view.js';
import type { Change } from '../store/change.js';
import { StoredObject } from '../store/stored-object.js';
import type { WatchStream } from './watch-stream.js';

export interface WatchFilter {
  kind: Kind;
  matches(object: UntypedObject): boolean;
  bookmarks: boolean;
}

/** One open watch: turns changes into the events its selector lets through. */
export class Watcher {
  /** When something was sent last, in milliseconds of a monotonic clock. */
  lastSent = performance.now();

  constructor(
    readonly filter: WatchFilter,
    readonly stream: WatchStream,
  ) {}

  added(stored: StoredObject): void {
    if (this.filter.matches(stored.object)) this.send('ADDED', stored);
  }

  change(change: Change): void {
    const { matches } = this.filter;
    const before = change.previous !== undefined && matches(change.previous.object);
    const after = change.current !== undefined && matches(change.current.object);
    if (after) this.send(before ? 'MODIFIED' : 'ADDED', change.seen);
    else if (before) this.send('DELETED', change.current ? leaving(change) : change.seen);
  }

  /** Tells the version reached; `initialEventsEnd` marks the end of the present objects. */
  bookmark(version: number, initialEventsEnd = false): void {
    const { kind } = this.filter;
    const annotations = initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {};
    const metadata = { resourceVersion: String(version), ...annotations } as UntypedObject['metadata'];
    this.send(
      'BOOKMARK',
      new StoredObject({ kind: kind.served.type.kind, apiVersion: kind.apiVersion, metadata }, version),
    );
  }

  private send(type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK', stored: StoredObject): void {
    this.lastSent = performance.now();
    this.stream.push({ type, stored: type === 'BOOKMARK' ? stored : viewOf(this.filter.kind, stored) });
  }
}

/** An object that no longer matches: its last matching state, in the version of the change. */
function leaving(change: Change): StoredObject {
  const { object } = change.previous!;
  const metadata = { ...object.metadata, resourceVersion: String(change.version) };
  return new StoredObject({ ...object, metadata }, change.version);
}
