import type { UntypedObject } from '../../kit/resource/object.js';

/** `meta.k8s.io/v1 Table`: what an API server thinks a list should look like to a person. */
export interface Table {
  kind: 'Table';
  columnDefinitions: { name: string; type: string; priority?: number }[];
  rows: { cells: unknown[]; object?: Pick<UntypedObject, 'metadata'> }[] | null;
}
