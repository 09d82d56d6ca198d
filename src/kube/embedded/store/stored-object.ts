import type { UntypedObject } from '../../../kit/resource/object.js';
import type { RecentTexts } from './recent-texts.js';

/**
 * One version of one object. The object is shared by every reader and must not be changed. Its JSON text is made once
 * for all who want it at about the same time.
 */
export class StoredObject {
  private text?: string;
  private count?: number;
  private views?: Map<string, StoredObject>;

  constructor(
    readonly object: UntypedObject,
    /** The resourceVersion as a number. */
    readonly version: number,
    /** Where its text is kept while it is in demand. Absent: it is kept as long as the object. */
    private readonly texts?: RecentTexts,
  ) {}

  get json(): string {
    if (this.text === undefined) {
      this.text = JSON.stringify(this.object);
      this.count = this.text.length;
      this.texts?.keep(this);
    }
    return this.text;
  }

  /** Characters of the text. */
  get characters(): number {
    return this.count ?? this.json.length;
  }

  /** This version as some readers see it. */
  showing(object: UntypedObject): StoredObject {
    return new StoredObject(object, this.version, this.texts);
  }

  /** Lets the text go; it is made anew when somebody wants it. */
  forgetText(): void {
    this.text = undefined;
  }

  /** The same object served in another version of its kind; only `apiVersion` differs (conversion strategy None). */
  as(apiVersion: string): StoredObject {
    if (this.object.apiVersion === apiVersion) return this;
    this.views ??= new Map();
    let view = this.views.get(apiVersion);
    if (!view) {
      view = this.showing({ ...this.object, apiVersion });
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
