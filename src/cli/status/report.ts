export interface KindCount {
  kind: string;
  total: number;
  /** How many are in which state, e.g. `{ available: 2, unavailable: 1 }`. */
  states: Record<string, number>;
}

export interface Report {
  server: string;
  source: string;
  /** The data folder, when the cluster is an embedded one of this machine. */
  dataDir?: string;
  serverVersion: string;
  runtime: { url: string; ready: boolean; version?: string; pid?: number; detail?: string } | null;
  kinds: KindCount[];
}
