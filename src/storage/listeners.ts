/** Who waits for news of what, by key: telling costs as much as there are listeners of that key. */
export class Listeners {
  private readonly byKey = new Map<string, Set<() => void>>();

  get size(): number {
    return this.byKey.size;
  }

  /** Calls back at each news of a key; returns the way to stop. */
  add(key: string, heard: () => void): () => void {
    const heardBy = this.byKey.get(key) ?? new Set();
    this.byKey.set(key, heardBy);
    heardBy.add(heard);
    return () => {
      heardBy.delete(heard);
      if (heardBy.size === 0 && this.byKey.get(key) === heardBy) this.byKey.delete(key);
    };
  }

  tell(key: string): void {
    for (const heard of [...(this.byKey.get(key) ?? [])]) heard();
  }

  tellAll(): void {
    for (const key of [...this.byKey.keys()]) this.tell(key);
  }
}
