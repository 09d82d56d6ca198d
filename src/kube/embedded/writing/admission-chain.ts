import type { UntypedObject } from '../../../kit/resource/object.js';
import type { AdmissionLookup, AdmissionRequest } from '../../api-server/admission.js';
import { StatusError } from '../../api-server/status.js';
import type { Kind } from '../kinds/kind.js';
import type { KindTable } from '../kinds/kind-table.js';
import { viewOf } from '../kinds/view.js';
import type { ObjectStore } from '../store/object-store.js';
import { storageKey } from '../store/stored-object.js';
import { nullsOf, type WriteSettings } from './write-settings.js';

/** Runs the admissions of a kind, in the words a webhook would have. */
export class AdmissionChain {
  private readonly lookup: AdmissionLookup;

  constructor(store: ObjectStore, kinds: KindTable) {
    this.lookup = {
      get: async (type, key) => {
        const kind = kinds.get(type);
        const at = storageKey(type.namespaced ? key.namespace : undefined, key.name);
        const stored = store.collection(kind.resource).get(at);
        return stored && (viewOf(kind, stored).object as never);
      },
    };
  }

  /** Changes the object in place, then prunes and defaults again. */
  async mutate(
    kind: Kind,
    object: UntypedObject,
    old: UntypedObject | undefined,
    settings: WriteSettings,
  ): Promise<void> {
    let changed = false;
    for (const admission of kind.admissions) {
      if (!admission.mutate) continue;
      await admission.mutate(this.request(object, old, settings));
      changed = true;
    }
    if (changed) kind.schema.prepare(object, 'main', nullsOf(kind, settings));
  }

  /** Throws Forbidden with the first violation. */
  async validate(
    kind: Kind,
    object: UntypedObject,
    old: UntypedObject | undefined,
    settings: WriteSettings,
  ): Promise<void> {
    for (const admission of kind.admissions) {
      if (!admission.validate) continue;
      const texts = await admission.validate(this.request(object, old, settings));
      if (texts.length > 0) throw denied(kind, texts[0]!);
    }
  }

  private request(
    object: UntypedObject,
    oldObject: UntypedObject | undefined,
    settings: WriteSettings,
  ): AdmissionRequest {
    const operation = oldObject ? 'UPDATE' : 'CREATE';
    return { operation, object, oldObject, lookup: this.lookup, warn: settings.warn };
  }
}

function denied(kind: Kind, text: string): StatusError {
  const { type } = kind.served;
  const name = `v${type.kind.toLowerCase()}-${type.version}.kb.io`;
  return new StatusError('Forbidden', `admission webhook "${name}" denied the request: ${text}`);
}
