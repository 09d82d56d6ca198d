import type { IncomingHttpHeaders } from 'node:http';

export type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One request of the Kubernetes API. */
export interface Call {
  verb: Verb;
  /** From the server's root. */
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  /** Default: JSON. */
  contentType?: string;
  /** Default: JSON. */
  accept?: string;
  /** Beside the credentials, which they cannot replace. */
  headers?: Readonly<Record<string, string | string[]>>;
  signal?: AbortSignal;
  onWarning?(text: string): void;
}

/** A call whose answer is read as it comes. */
export interface StreamCall extends Call {
  signal: AbortSignal;
  /** The answer fails when it is silent for so long; 0: never. */
  silenceMs: number;
}

export interface Answer {
  code: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Path and query. */
export function targetOf({ path, query }: Call): string {
  if (!query) return path;
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) pairs.set(name, String(value));
  return pairs.size > 0 ? `${path}?${pairs}` : path;
}
