/** Lets several speak at once and be heard one after the other: the first live, each other when those before are done. */
export class OrderedVoices {
  private readonly held = new Map<number, (() => void)[]>();
  private readonly done = new Set<number>();
  private live = 0;

  /** Delivers what voice number `at` says, now or when it is its turn. */
  say(at: number, deliver: () => void): void {
    if (at === this.live) deliver();
    else this.held.set(at, [...(this.held.get(at) ?? []), deliver]);
  }

  /** The voice says no more. */
  end(at: number): void {
    this.done.add(at);
    while (this.done.has(this.live)) {
      this.live += 1;
      for (const deliver of this.held.get(this.live) ?? []) deliver();
      this.held.delete(this.live);
    }
  }
}
