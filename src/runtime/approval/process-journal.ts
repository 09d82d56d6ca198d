import type { JournalEntries } from '../../storage/journal-entries.js';

/** The journal of a process without a database: what paused runs had done is known for as long as the process lives. */
export class ProcessJournal implements Pick<JournalEntries, 'load' | 'save'> {
  private readonly runs = new Map<string, Map<string, string>>();

  /** `limit`: Queries that are remembered; the oldest are forgotten. */
  constructor(private readonly limit = 1_000) {}

  async load(query: string): Promise<Map<string, string>> {
    return new Map(this.runs.get(query));
  }

  async save(query: string, entries: readonly (readonly [key: string, value: string])[]): Promise<void> {
    const known = this.runs.get(query) ?? new Map<string, string>();
    for (const [key, value] of entries) known.set(key, value);
    // Set anew, so that the one written last is the last to be forgotten.
    this.runs.delete(query);
    this.runs.set(query, known);
    const oldest = this.runs.keys().next();
    if (this.runs.size > this.limit && !oldest.done) this.runs.delete(oldest.value);
  }
}
