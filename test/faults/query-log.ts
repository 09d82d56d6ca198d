import type { ClusterClient } from '../harness/cluster-client.js';

const PATH = '/apis/ark.mckinsey.com/v1alpha1/namespaces/default/queries';

/** As much of a Query as is looked at. */
export interface SeenQuery {
  metadata: { name: string; uid: string; resourceVersion: string; annotations?: Record<string, string> };
  status?: {
    phase?: string;
    response?: { content?: string };
    conditions?: { type: string; reason: string }[];
    claim?: { holder: string; attempt: number; released?: boolean };
  };
}

/** One change of a Query's claim or phase, and when it was seen. */
export interface Step {
  at: number;
  phase: string;
  holder: string;
  attempt: number;
  /** The holder gave the claim back. */
  released: boolean;
}

/** Writes down who held which Query when, through whatever happens to the API server. */
export class QueryLog {
  readonly latest = new Map<string, SeenQuery>();
  readonly steps = new Map<string, Step[]>();
  private readonly closing = new AbortController();
  private readonly ended: Promise<void>;

  constructor(private readonly client: ClusterClient) {
    this.ended = this.follow();
  }

  /** Queries whose name begins so. */
  of(prefix: string): SeenQuery[] {
    return [...this.latest.values()].filter(({ metadata }) => metadata.name.startsWith(prefix));
  }

  close(): Promise<void> {
    this.closing.abort();
    return this.ended;
  }

  private async follow(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      try {
        const list = await this.client.call<{ items: SeenQuery[]; metadata: { resourceVersion: string } }>('GET', PATH);
        for (const query of list.items) this.note(query);
        for await (const query of this.client.watch<SeenQuery>(PATH, list.metadata.resourceVersion, signal)) {
          this.note(query);
        }
      } catch {
        // The API server is away, which is what these tests are about; the list tells what was missed.
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  private note(query: SeenQuery): void {
    const { name } = query.metadata ?? {};
    if (name === undefined) return;
    this.latest.set(name, query);
    const { phase = '', claim } = query.status ?? {};
    const { holder = '', attempt = 0, released = false } = claim ?? {};
    const step = { at: Date.now(), phase, holder, attempt, released };
    const steps = this.steps.get(name) ?? [];
    const last = steps.at(-1);
    const isNews = last?.phase !== phase || last.holder !== holder || last.released !== released;
    if (isNews || last.attempt !== attempt) steps.push(step);
    this.steps.set(name, steps);
  }
}
