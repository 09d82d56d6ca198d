import { invalid } from '../../kit/index.js';

/** Where streams are served: beside the memory API, so that one address serves both. */
export const STREAM_PATHS = ['stream', 'memory/stream', 'memory/ns/:namespace/stream'];

/** The namespace of a Query: in the path, else `?namespace=`, else `default`. */
export function streamNamespace(inPath: string | undefined, given: unknown): string {
  const namespace = inPath ?? given ?? 'default';
  if (typeof namespace === 'string' && namespace !== '') return namespace;
  throw invalid('namespace may be given once');
}
