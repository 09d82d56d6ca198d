/**
 * Where the memory API is served: at the root for clients that know Ark's broker, below `/memory` for addresses that
 * say what they are, and below `/memory/ns/<namespace>` for a Memory whose conversations belong to one namespace.
 */
export const MEMORY_PATHS = ['', 'memory', 'memory/ns/:namespace'];
