interface Waiter {
  since: Date;
  wake(): void;
}

/**
 * The right to be worked on, at most so many at once, shared fairly: a free slot goes to the waiting namespace that
 * holds the fewest, and among equals to the one that was served longest ago. Inside a namespace: first come, first
 * served, but for work that was begun before, which comes first.
 */
export class QuerySlots {
  private readonly held = new Map<string, string>();
  private readonly heldBy = new Map<string, number>();
  /** By namespace, longest unserved first; then by uid, longest waiting first. */
  private readonly waiting = new Map<string, Map<string, Waiter>>();

  constructor(private readonly limit: number) {}

  get inUse(): number {
    return this.held.size;
  }

  /** Since when each of those that wait has waited. */
  waits(): Date[] {
    return [...this.waiting.values()].flatMap((queue) => [...queue.values()].map(({ since }) => since));
  }

  /**
   * Takes a slot, or waits for one: `wake` is called when it is kept for this uid, to be taken by another call.
   * @param begun it was worked on before, by somebody who is gone: it has waited long enough
   * @returns undefined when taken, else since when it waits.
   */
  take(uid: string, namespace: string, now: Date, wake: () => void, begun = false): Date | undefined {
    if (this.held.has(uid)) return undefined;
    // While others wait nobody comes first: a free slot is given away the moment it becomes free.
    if (this.held.size < this.limit) {
      this.hold(uid, namespace);
      return undefined;
    }
    const queue = this.waiting.get(namespace) ?? new Map<string, Waiter>();
    const known = queue.get(uid);
    const waiter = known ?? { since: now, wake };
    const order = known ? queue : queueWith(queue, uid, waiter, begun);
    this.waiting.set(namespace, order);
    return waiter.since;
  }

  /** Gives the slot back, or stops waiting for one. */
  release(uid: string, namespace: string): void {
    const holder = this.held.get(uid);
    if (holder === undefined) {
      this.stopWaiting(uid, namespace);
      return;
    }
    this.held.delete(uid);
    const left = (this.heldBy.get(holder) ?? 1) - 1;
    if (left > 0) this.heldBy.set(holder, left);
    else this.heldBy.delete(holder);
    this.giveAway();
  }

  private giveAway(): void {
    const namespace = this.neediest();
    const next = namespace === undefined ? undefined : this.waiting.get(namespace)?.entries().next().value;
    if (namespace === undefined || !next) return;
    const [uid, waiter] = next;
    this.stopWaiting(uid, namespace);
    // Served now: behind every other namespace that waits.
    const queue = this.waiting.get(namespace);
    if (queue) {
      this.waiting.delete(namespace);
      this.waiting.set(namespace, queue);
    }
    this.hold(uid, namespace);
    waiter.wake();
  }

  private neediest(): string | undefined {
    let found: string | undefined;
    let fewest = Number.POSITIVE_INFINITY;
    for (const namespace of this.waiting.keys()) {
      const held = this.heldBy.get(namespace) ?? 0;
      if (held < fewest) [found, fewest] = [namespace, held];
    }
    return found;
  }

  private hold(uid: string, namespace: string): void {
    this.held.set(uid, namespace);
    this.heldBy.set(namespace, (this.heldBy.get(namespace) ?? 0) + 1);
  }

  private stopWaiting(uid: string, namespace: string): void {
    const queue = this.waiting.get(namespace);
    queue?.delete(uid);
    if (queue?.size === 0) this.waiting.delete(namespace);
  }
}

function queueWith(queue: Map<string, Waiter>, uid: string, waiter: Waiter, first: boolean): Map<string, Waiter> {
  return first ? new Map([[uid, waiter], ...queue]) : queue.set(uid, waiter);
}
