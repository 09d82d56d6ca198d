import type { ParameterSource } from '../shared/parameter.js';

/** The Query whose parameters references may name; the part of it that matters for values. */
export interface ParameterOwner {
  metadata: { name: string; namespace?: string };
  spec: { parameters?: ParameterSource[] };
}
