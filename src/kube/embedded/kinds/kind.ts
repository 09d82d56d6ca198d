import type { UntypedObject } from '../../../kit/resource/object.js';
import type { Admission } from '../../api-server/admission.js';
import type { StatusCause } from '../../api-server/status.js';
import type { ServedKind } from '../catalogue.js';
import type { ObjectSchema } from '../schema/object-schema.js';
import type { StoredObject } from '../store/stored-object.js';

/** What one kind does differently from the others. */
export interface KindRules {
  /** Whether `metadata.generation` counts changes of the spec. */
  generation: boolean;
  /** Whether an update may leave out `metadata.resourceVersion`. */
  unconditionalUpdate: boolean;
  /** Whether an update of an absent object creates it. */
  createOnUpdate?: boolean;
  /** How names of this kind are checked. Default: DNS-1123 subdomain. */
  names?: 'subdomain' | 'label' | 'service';
  /** Changes the object in place as decoding does, e.g. `stringData` into `data`; the writer owns the result. */
  normalise?(object: UntypedObject, old?: UntypedObject): void;
  /** Adds what the server itself says about the object, e.g. the phase of a namespace; nobody owns that. */
  complete?(object: UntypedObject, old?: UntypedObject): void;
  /** What the schema cannot say. */
  check?(object: UntypedObject, old?: UntypedObject): StatusCause[];
}

/** A served kind in one version, ready for work. */
export interface Kind {
  served: ServedKind;
  /** `group/plural`: where objects of every version of this kind are stored. */
  resource: string;
  apiVersion: string;
  /** The version objects are stored in. */
  storedApiVersion: string;
  /** Fields besides name and namespace that a field selector may name. */
  selectableFields: readonly string[];
  schema: ObjectSchema;
  rules: KindRules;
  admissions: readonly Admission[];
  /** Objects of this version and older were written under an earlier definition. */
  since: number;
  /** What such objects look like now. */
  views: WeakMap<StoredObject, StoredObject>;
}

/** A kind that every API server has. */
export interface BuiltInKind {
  served: ServedKind;
  rules: KindRules;
  selectableFields?: readonly string[];
}
