import { ARK_PREFIX } from '../resources/labels.js';

/** Annotation of ExecutionEngine objects that a runtime made for its own engines. */
export const PUBLISHED_BY = `${ARK_PREFIX}published-by`;
export const PUBLISHER = 'nest-ark';
