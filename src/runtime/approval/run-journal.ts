import { createHash } from 'node:crypto';

export type SaveEntries = (entries: [key: string, value: string][]) => Promise<void>;

/** What is kept, for all that work side by side in one run. */
class Book {
  readonly counts = new Map<string, number>();
  private readonly unsaved = new Set<string>();
  lasting: boolean;

  constructor(
    readonly entries: Map<string, unknown>,
    private readonly save: SaveEntries,
  ) {
    this.lasting = entries.size > 0;
  }

  async keep(key: string, value: unknown): Promise<void> {
    this.entries.set(key, value);
    this.unsaved.add(key);
    if (this.lasting) await this.saveAll();
  }

  async saveAll(): Promise<void> {
    const keys = [...this.unsaved];
    if (keys.length === 0) return;
    await this.save(keys.map((key) => [key, JSON.stringify(this.entries.get(key))]));
    for (const key of keys) this.unsaved.delete(key);
  }
}

/**
 * What one run has done, under keys that come out the same when the run is begun again: completions of models and
 * results of tools. A run that goes on after a pause is repeated from its beginning, and gets from here what is done.
 *
 * Nothing is stored until the run pauses; from then on every entry is durable before the run goes on.
 */
export class RunJournal {
  private repeating: boolean;

  private constructor(
    private readonly book: Book,
    repeating: boolean,
  ) {
    this.repeating = repeating;
  }

  /** @param entries what an earlier attempt has done; there are some only when the run has paused */
  static open(entries = new Map<string, unknown>(), save: SaveEntries = async () => {}): RunJournal {
    const book = new Book(entries, save);
    return new RunJournal(book, book.lasting);
  }

  /** Whether this strand of the run only repeats what it has done before: nobody need hear it again. */
  get isRepeating(): boolean {
    return this.repeating;
  }

  /** The same journal for one of several that may work side by side: each comes to its own end of what is repeated. */
  strand(): RunJournal {
    return new RunJournal(this.book, this.repeating);
  }

  /** A strand has come to its end: what follows is as new as that. */
  join(strand: RunJournal): void {
    this.repeating &&= strand.repeating;
  }

  /** The key of the next thing with these facts: the same facts give another key each time. */
  nextKey(...facts: string[]): string {
    const { counts } = this.book;
    const digest = createHash('sha256').update(facts.join('\n')).digest('hex').slice(0, 24);
    const times = (counts.get(digest) ?? 0) + 1;
    counts.set(digest, times);
    return `${digest}:${times}`;
  }

  recall<T>(key: string): T | undefined {
    return this.book.entries.get(key) as T | undefined;
  }

  keep(key: string, value: unknown): Promise<void> {
    return this.book.keep(key, value);
  }

  /** What was kept under the key, else what the work gives, which is kept. Work that fails may be tried again. */
  async once<T>(key: string, work: () => Promise<T>): Promise<T> {
    const kept = this.recall<T>(key);
    if (kept !== undefined) return kept;
    this.repeating = false;
    const value = await work();
    await this.keep(key, value);
    return value;
  }

  /**
   * The same for what comes in pieces: it is kept when the last one has come.
   *
   * @param join makes one piece of two, where that says the same
   */
  async *streamedOnce<T>(
    key: string,
    pieces: () => AsyncIterable<T>,
    join: (a: T, b: T) => T | undefined = () => undefined,
  ): AsyncGenerator<T, void> {
    const kept = this.recall<T[]>(key);
    if (kept) {
      yield* kept;
      return;
    }
    this.repeating = false;
    const heard: T[] = [];
    for await (const piece of pieces()) {
      const last = heard.at(-1);
      const joined = last === undefined ? undefined : join(last, piece);
      if (joined === undefined) heard.push(piece);
      else heard[heard.length - 1] = joined;
      yield piece;
    }
    await this.keep(key, heard);
  }

  /** Makes everything durable, now and from now on. */
  async makeLasting(): Promise<void> {
    this.book.lasting = true;
    await this.book.saveAll();
  }
}
