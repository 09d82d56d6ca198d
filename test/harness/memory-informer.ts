import { type KubeObject, keyText, type ListFilter, type ObjectKey } from '../../src/kit/index.js';
import type { Change, Informer } from '../../src/kube/cache/informer.js';

/** An informer whose objects a test puts in by hand. */
export class MemoryInformer<T extends KubeObject> implements Informer<T> {
  readonly synced = Promise.resolve();
  private readonly objects = new Map<string, T>();
  private readonly indexes = new Map<string, (object: T) => string[]>();
  private readonly listeners = new Set<(change: Change<T>) => void>();

  put(object: T): void {
    const key = { namespace: object.metadata.namespace, name: object.metadata.name };
    const previous = this.objects.get(keyText(key));
    this.objects.set(keyText(key), object);
    for (const listener of this.listeners) listener({ key, current: object, previous });
  }

  get(key: ObjectKey): T | undefined {
    return this.objects.get(keyText(key));
  }

  list({ namespace }: ListFilter = {}): T[] {
    return [...this.objects.values()].filter((object) => !namespace || object.metadata.namespace === namespace);
  }

  byIndex(index: string, value: string): T[] {
    const values = this.indexes.get(index);
    return this.list().filter((object) => values?.(object).includes(value));
  }

  addIndex(index: string, values: (object: T) => string[]): void {
    this.indexes.set(index, values);
  }

  onChange(listener: (change: Change<T>) => void): () => void {
    this.listeners.add(listener);
    for (const object of this.list()) listener({ key: object.metadata, current: object });
    return () => this.listeners.delete(listener);
  }
}
