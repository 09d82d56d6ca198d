import type { StoredObject } from './stored-object.js';

/** The committed objects of one resource, in memory. */
export class Collection {
  private readonly objects = new Map<string, StoredObject>();
  private sorted?: string[];

  get size(): number {
    return this.objects.size;
  }

  get(key: string): StoredObject | undefined {
    return this.objects.get(key);
  }

  set(key: string, stored: StoredObject): void {
    if (!this.objects.has(key)) this.sorted = undefined;
    this.objects.set(key, stored);
  }

  delete(key: string): void {
    if (this.objects.delete(key)) this.sorted = undefined;
  }

  values(): Iterable<StoredObject> {
    return this.objects.values();
  }

  /** Keys in list order. The array is shared; do not change it. */
  keys(): readonly string[] {
    this.sorted ??= [...this.objects.keys()].sort(byBytes);
    return this.sorted;
  }
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
