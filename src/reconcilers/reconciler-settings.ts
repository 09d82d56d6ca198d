/** What reconcilers want to be told at start. The process's settings fit this shape. */
export abstract class ReconcilerSettings {
  /** Queries worked on at once in this process. */
  abstract readonly maxConcurrentQueries: number;
  /** How long a Model may take to prove that it answers. */
  abstract readonly modelProbeTimeoutMs: number;
}
