/** Answers that hold for a few seconds. Who asks for the same at the same time waits for the same answer. */
export class RecentAnswers<T> {
  private readonly answers = new Map<string, { answer: Promise<T>; until: number }>();

  constructor(
    private readonly keepMs: number,
    private readonly most = 10_000,
    private readonly now: () => number = Date.now,
  ) {}

  /** The answer that still holds. */
  known(key: string): Promise<T> | undefined {
    const known = this.answers.get(key);
    return known && known.until > this.now() ? known.answer : undefined;
  }

  /** A failure is nobody's answer: the next one asks again. */
  get(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.known(key);
    if (known) return known;
    const answer = ask();
    const entry = { answer, until: this.now() + this.keepMs };
    this.answers.delete(key);
    this.answers.set(key, entry);
    answer.catch(() => {
      if (this.answers.get(key) === entry) this.answers.delete(key);
    });
    const oldest = this.answers.keys().next().value;
    if (this.answers.size > this.most && oldest !== undefined) this.answers.delete(oldest);
    return answer;
  }

  clear(): void {
    this.answers.clear();
  }
}
