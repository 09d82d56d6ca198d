import { StatusError } from '../../api-server/status.js';
import type { Change } from '../store/change.js';
import type { ObjectStore } from '../store/object-store.js';
import { WatchStream } from './watch-stream.js';
import { Watcher, type WatchFilter } from './watcher.js';

/** A watch hears something at least this often when it asked for bookmarks. */
const BOOKMARK_AFTER_MS = 20_000;
const BOOKMARK_CHECK_MS = 2_500;

export interface WatchStart {
  /** Events after this version. Absent: present objects first. */
  after?: number;
  /** After the present objects, send a bookmark that says so. */
  markInitialEnd?: boolean;
  timeoutSeconds?: number;
  signal: AbortSignal;
}

/** Delivers committed changes to the open watches. */
export class WatchHub {
  private readonly watchers = new Map<string, Set<Watcher>>();
  private readonly bookmarks: NodeJS.Timeout;
  private readonly stop: () => void;

  constructor(private readonly store: ObjectStore) {
    this.stop = store.onCommit((changes) => this.deliver(changes));
    this.bookmarks = setInterval(() => this.sendBookmarks(), BOOKMARK_CHECK_MS);
    this.bookmarks.unref();
  }

  /** Opens a watch. Throws Expired when changes since `after` are no longer all known. */
  open(filter: WatchFilter, start: WatchStart): WatchStream {
    const { store } = this;
    const { after } = start;
    if (after !== undefined && (after > store.version || !store.history.reaches(after))) {
      throw new StatusError('Expired', `too old resource version: ${after} (${store.version})`);
    }
    const dispose = new AbortController();
    const stream = new WatchStream(() => dispose.abort());
    const watcher = new Watcher(filter, stream);
    if (after === undefined) {
      const collection = store.collection(filter.kind.resource);
      for (const key of collection.keys()) watcher.added(collection.get(key)!);
      if (start.markInitialEnd) watcher.bookmark(store.version, true);
    } else {
      for (const change of store.history.after(after))
        if (change.resource === filter.kind.resource) watcher.change(change);
    }
    this.register(watcher, start, dispose.signal);
    return stream;
  }

  /** Ends the watches of one resource, e.g. because its kind is gone. */
  end(resource: string): void {
    for (const watcher of [...(this.watchers.get(resource) ?? [])]) watcher.stream.end();
  }

  close(): void {
    clearInterval(this.bookmarks);
    this.stop();
    for (const resource of [...this.watchers.keys()]) this.end(resource);
  }

  private register(watcher: Watcher, start: WatchStart, ended: AbortSignal): void {
    const { stream, filter } = watcher;
    if (start.signal.aborted) {
      stream.end();
      return;
    }
    const ofResource = this.watchers.get(filter.kind.resource) ?? new Set();
    this.watchers.set(filter.kind.resource, ofResource);
    ofResource.add(watcher);
    const end = () => stream.end();
    start.signal.addEventListener('abort', end, { once: true });
    const over = () => {
      if (filter.bookmarks) watcher.bookmark(this.store.version);
      stream.end();
    };
    const timer = start.timeoutSeconds ? setTimeout(over, start.timeoutSeconds * 1000) : undefined;
    timer?.unref();
    ended.addEventListener('abort', () => {
      ofResource.delete(watcher);
      start.signal.removeEventListener('abort', end);
      clearTimeout(timer);
    });
  }

  private deliver(changes: readonly Change[]): void {
    for (const change of changes) {
      const watchers = this.watchers.get(change.resource);
      if (watchers) for (const watcher of watchers) watcher.change(change);
    }
  }

  private sendBookmarks(): void {
    const due = performance.now() - BOOKMARK_AFTER_MS;
    for (const watchers of this.watchers.values()) {
      for (const watcher of watchers) {
        if (watcher.filter.bookmarks && watcher.lastSent < due) watcher.bookmark(this.store.version);
      }
    }
  }
}
