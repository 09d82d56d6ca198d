import {
  type KubeObject,
  keyText,
  type ListFilter,
  type ObjectKey,
  type ResourceType,
  type UntypedObject,
} from '../../../kit/index.js';
import type { Change, Informer } from '../../../kube/cache/informer.js';
import type { InformerSource } from '../kinds.js';
import { keyOf } from '../object-keys.js';

/** An informer that a test tells what exists. */
export class FakeInformer<T extends KubeObject = UntypedObject> implements Informer<T> {
  readonly synced = Promise.resolve();
  private readonly objects = new Map<string, T>();
  private readonly indexes = new Map<string, (object: T) => string[]>();
  private readonly listeners = new Set<(change: Change<T>) => void>();

  put(object: T): void {
    const key = keyOf(object);
    const previous = this.objects.get(keyText(key));
    this.objects.set(keyText(key), object);
    for (const listener of this.listeners) listener({ key, current: object, previous });
  }

  remove(key: ObjectKey): void {
    const previous = this.objects.get(keyText(key));
    this.objects.delete(keyText(key));
    for (const listener of this.listeners) listener({ key, previous });
  }

  get(key: ObjectKey): T | undefined {
    return this.objects.get(keyText(key));
  }

  list(filter: ListFilter = {}): T[] {
    return [...this.objects.values()].filter(
      ({ metadata }) => filter.namespace === undefined || metadata.namespace === filter.namespace,
    );
  }

  byIndex(index: string, value: string): T[] {
    const values = this.indexes.get(index);
    return [...this.objects.values()].filter((object) => values?.(object).includes(value));
  }

  addIndex(index: string, values: (object: T) => string[]): void {
    if (this.indexes.has(index)) throw new Error(`index ${index} exists`);
    this.indexes.set(index, values);
  }

  onChange(listener: (change: Change<T>) => void): () => void {
    this.listeners.add(listener);
    for (const current of this.objects.values()) listener({ key: keyOf(current), current });
    return () => this.listeners.delete(listener);
  }
}

/** One fake informer per kind. */
export class FakeCache implements InformerSource {
  private readonly informers = new Map<string, FakeInformer<KubeObject>>();

  informer<T extends KubeObject = KubeObject>(type: Pick<ResourceType, 'plural'>): FakeInformer<T> {
    const informer = this.informers.get(type.plural) ?? new FakeInformer<KubeObject>();
    this.informers.set(type.plural, informer);
    return informer as unknown as FakeInformer<T>;
  }
}
