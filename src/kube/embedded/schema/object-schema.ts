import type { UntypedObject } from '../../../kit/resource/object.js';
import type { StatusCause } from '../../api-server/status.js';
import type { StructuralSchema } from '../catalogue.js';

/** The schema of a kind, prepared once. */
export class ObjectSchema {
  constructor(
    readonly root: StructuralSchema,
    readonly statusSubresource: boolean,
  ) {}

  /** Prunes and defaults in place. Returns the paths of unknown fields. */
  prepare(_object: UntypedObject, _part?: 'main' | 'status'): string[] {
    return [];
  }

  validate(_object: UntypedObject, _old?: UntypedObject): StatusCause[] {
    return [];
  }
}
