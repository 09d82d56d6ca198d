/** What reconcilers want to be told at start. The process's settings fit this shape. */
export abstract class ReconcilerSettings {
  /** Queries worked on at once in this process. */
  abstract readonly maxConcurrentQueries: number;
  /** How long a Model may take to prove that it answers. */
  abstract readonly modelProbeTimeoutMs: number;
  /** When the name of an A2A server comes before that of its agent, where the server does not say. */
  abstract readonly a2aAgentNamePrefix: 'never' | 'onConflict' | 'always';
  /** Where it runs. In a cluster this machine is the runtime's own pod, which no resource has a reason to call. */
  abstract readonly kubernetes: 'embedded' | 'in-cluster' | 'kubeconfig';
}
