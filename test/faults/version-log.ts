import type { ClusterClient } from '../harness/cluster-client.js';

export interface Versioned {
  metadata: { name: string; resourceVersion: string };
}

/** One version of an object; versions count the writes of the whole cluster, so that those of two kinds can be compared. */
export interface Version<T> {
  version: number;
  name: string;
  object: T;
}

/** Writes down, from now on, each version of the objects at a path, in the API server's own order. */
export class VersionLog<T extends Versioned> {
  readonly versions: Version<T>[] = [];
  private readonly closing = new AbortController();
  private reading = Promise.resolve();

  private constructor(
    private readonly client: ClusterClient,
    private readonly path: string,
  ) {}

  static async follow<T extends Versioned>(client: ClusterClient, path: string): Promise<VersionLog<T>> {
    const log = new VersionLog<T>(client, path);
    const { metadata } = await client.call<{ metadata: { resourceVersion: string } }>('GET', path);
    log.reading = log.read(metadata.resourceVersion);
    log.reading.catch(() => undefined);
    return log;
  }

  /** The first version of each object after a moment for which something holds. */
  firsts(since: number, holds: (object: T) => boolean): Map<string, number> {
    const found = new Map<string, number>();
    for (const { version, name, object } of this.versions) {
      if (version > since && !found.has(name) && holds(object)) found.set(name, version);
    }
    return found;
  }

  /** Fails when something was missed. */
  close(): Promise<void> {
    this.closing.abort();
    return this.reading;
  }

  private async read(from: string): Promise<void> {
    try {
      for await (const object of this.client.watch<T>(this.path, from, this.closing.signal)) {
        const { name, resourceVersion } = object.metadata;
        this.versions.push({ version: Number(resourceVersion), name, object });
      }
    } catch (error) {
      if (!this.closing.signal.aborted) throw error;
      return;
    }
    throw new Error(`The watch of ${this.path} ended before its time.`);
  }
}
