import type { KubeObject, ObjectKey, UntypedObject } from '../../kit/resource/object.js';
import type { ResourceType } from '../../kit/resource/resource.js';

/** Reads for cross-object checks, straight from the store. */
export interface AdmissionLookup {
  get<T extends KubeObject = UntypedObject>(type: ResourceType, key: ObjectKey): Promise<T | undefined>;
}

export interface AdmissionRequest<T extends KubeObject = UntypedObject> {
  operation: 'CREATE' | 'UPDATE';
  object: T;
  /** On UPDATE: the stored object. */
  oldObject?: T;
  lookup: AdmissionLookup;
  /** Shown to the client as a warning. */
  warn(text: string): void;
}

/**
 * What a kind asks of an API server besides its schema. Runs on create and update of the main resource, not of status,
 * and not on objects being deleted. The embedded server calls it in-process; a webhook may serve the same object.
 */
export interface Admission<T extends KubeObject = UntypedObject> {
  type: ResourceType;
  /** Changes `object` in place. Runs after schema defaulting and before schema validation. Idempotent. */
  mutate?(request: AdmissionRequest<T>): void | Promise<void>;
  /** Texts of what is wrong, first one first; empty: admitted. Runs after schema validation. */
  validate?(request: AdmissionRequest<T>): string[] | Promise<string[]>;
}
