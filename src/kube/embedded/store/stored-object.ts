import type { UntypedObject } from '../../../kit/resource/object.js';

/**
 * One version of one object. The object is shared by every reader and must not be changed; its JSON text is made at
 * most once, however many watchers receive it.
 */
export class StoredObject {
  private text?: string;
  private views?: Map<string, StoredObject>;

  constructor(
    readonly object: UntypedObject,
    /** The resourceVersion as a number. */
    readonly version: number,
    json?: string,
  ) {
    this.text = json;
  }

  get json(): string {
    this.text ??= JSON.stringify(this.object);
    return this.text;
  }

  /** The same object served in another version of its kind; only `apiVersion` differs (conversion strategy None). */
  as(apiVersion: string): StoredObject {
    if (this.object.apiVersion === apiVersion) return this;
    this.views ??= new Map();
    let view = this.views.get(apiVersion);
    if (!view) {
      view = new StoredObject({ ...this.object, apiVersion }, this.version);
      this.views.set(apiVersion, view);
    }
    return view;
  }
}

/** `namespace/name`; the namespace is empty for cluster-scoped objects. Sorts as the real server lists. */
export function storageKey(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

/** The key of an object as it is stored. */
export function storageKeyOf(object: UntypedObject): string {
  return storageKey(object.metadata.namespace, object.metadata.name);
}
