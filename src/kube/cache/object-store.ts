import type { ListFilter } from '../../kit/reconciler/reconciler.js';
import { type KubeObject, keyText, type ObjectKey } from '../../kit/resource/object.js';

type ById<T> = Map<string, T>;

interface Index<T> {
  values(object: T): string[];
  entries: Map<string, ById<T>>;
}

/** Objects of one kind by key, by namespace and by the values of any number of indexes. */
export class ObjectStore<T extends KubeObject> {
  private readonly objects: ById<T> = new Map();
  private readonly namespaces: Index<T> = { values: (object) => [object.metadata.namespace ?? ''], entries: new Map() };
  private readonly indexes = new Map<string, Index<T>>();

  get size(): number {
    return this.objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.objects.get(keyText(key));
  }

  all(): T[] {
    return [...this.objects.values()];
  }

  list(filter: ListFilter = {}): T[] {
    const { namespace, labels } = filter;
    const from = namespace === undefined ? this.objects : this.namespaces.entries.get(namespace);
    if (!from) return [];
    const wanted = Object.entries(labels ?? {});
    if (wanted.length === 0) return [...from.values()];
    return [...from.values()].filter((object) =>
      wanted.every(([label, value]) => object.metadata.labels?.[label] === value),
    );
  }

  addIndex(name: string, values: (object: T) => string[]): void {
    if (this.indexes.has(name)) throw new Error(`the index "${name}" exists already`);
    const index: Index<T> = { values, entries: new Map() };
    for (const [id, object] of this.objects) enter(index, id, object);
    this.indexes.set(name, index);
  }

  byIndex(name: string, value: string): T[] {
    const index = this.indexes.get(name);
    if (!index) throw new Error(`there is no index "${name}"; known: ${[...this.indexes.keys()].join(', ') || 'none'}`);
    return [...(index.entries.get(value)?.values() ?? [])];
  }

  /** Stores an object; the answer is what was there before. */
  put(object: T): T | undefined {
    const id = keyText(object.metadata);
    const previous = this.objects.get(id);
    for (const index of this.everyIndex()) {
      if (previous) leave(index, id, previous);
      enter(index, id, object);
    }
    this.objects.set(id, object);
    return previous;
  }

  remove(key: ObjectKey): T | undefined {
    const id = keyText(key);
    const previous = this.objects.get(id);
    if (!previous) return undefined;
    for (const index of this.everyIndex()) leave(index, id, previous);
    this.objects.delete(id);
    return previous;
  }

  private everyIndex(): Index<T>[] {
    return [this.namespaces, ...this.indexes.values()];
  }
}

function enter<T>(index: Index<T>, id: string, object: T): void {
  for (const value of index.values(object)) {
    const entry = index.entries.get(value);
    if (entry) entry.set(id, object);
    else index.entries.set(value, new Map([[id, object]]));
  }
}

function leave<T>(index: Index<T>, id: string, object: T): void {
  for (const value of index.values(object)) {
    const entry = index.entries.get(value);
    entry?.delete(id);
    if (entry?.size === 0) index.entries.delete(value);
  }
}
