/** A peer whose Lease did not move for so long is dead. */
const PATIENCE_MS = 10_000;
/** Of a longer pause between two looks only so much counts: who could not look cannot tell who was silent. */
const LONGEST_PAUSE_MS = 4_000;
/** Names that no Lease has are forgotten after so long. */
const FORGET_AFTER_MS = 3_600_000;

/** When a peer was last seen to renew, or first mentioned, in the time that this process has watched. */
interface Sighting {
  /** Absent while only its name is known. */
  renewTime?: string;
  seenAt: number;
  /** It reconciles nothing. */
  bystander?: boolean;
  /** A look begun after the sighting lacked its Lease. */
  gone?: boolean;
}

/** A Lease as a look showed it. */
export interface SeenLease {
  name: string;
  renewTime: string;
  /** Whoever holds it reconciles nothing: it serves doors only. */
  bystander?: boolean;
}

/** What a look brought to light. */
export interface LookResult {
  /** Peers that have died since the look before. */
  lost: string[];
  /** Those whose Lease is there although they have died. */
  left: string[];
}

/**
 * Who else is there, from looks at the Leases of all. Ages are told by this process's own time, because the clocks of
 * machines differ, and only by the part of it in which it saw the Leases: an API server that was away took nobody's life.
 */
export class Peers {
  private readonly sightings = new Map<string, Sighting>();
  private readonly dead = new Set<string>();
  private watchedMs = 0;
  private lookedAt?: number;

  /** Those that reconcile and whose Lease was seen, dead or alive. */
  reconciling(): string[] {
    const seen = [...this.sightings].filter(([, { renewTime, bystander }]) => renewTime !== undefined && !bystander);
    return seen.map(([name]) => name);
  }

  /** Nobody is dead before the first look, or before a look that could have shown a name first mentioned now. */
  isAlive(name: string): boolean {
    const sighting = this.sightings.get(name);
    if (!sighting) this.sightings.set(name, { seenAt: this.watchedMs });
    return !sighting || this.lookedAt === undefined || !this.isDead(sighting);
  }

  /** Begins a look: the Leases given to the function it returns are no older than now. */
  look(): (leases: SeenLease[], now: number) => LookResult {
    const known = [...this.sightings];
    return (leases, now) => {
      this.watchedMs += Math.min(now - (this.lookedAt ?? now), LONGEST_PAUSE_MS);
      this.lookedAt = now;
      this.miss(known, new Set(leases.map(({ name }) => name)));
      for (const lease of leases) this.see(lease);
      const lost = this.newlyDead();
      return { lost, left: leases.flatMap(({ name }) => (this.dead.has(name) ? [name] : [])) };
    };
  }

  private miss(known: [string, Sighting][], present: Set<string>): void {
    for (const [name, sighting] of known) {
      if (present.has(name)) continue;
      sighting.gone = true;
      if (this.age(sighting) > FORGET_AFTER_MS) this.sightings.delete(name);
    }
  }

  private see({ name, renewTime, bystander }: SeenLease): void {
    const before = this.sightings.get(name);
    if (before && !before.gone && before.renewTime === renewTime) return;
    this.sightings.set(name, { renewTime, seenAt: this.watchedMs, bystander });
  }

  private newlyDead(): string[] {
    const before = new Set(this.dead);
    this.dead.clear();
    for (const [name, sighting] of this.sightings) if (this.isDead(sighting)) this.dead.add(name);
    return [...this.dead].filter((name) => !before.has(name));
  }

  private isDead(sighting: Sighting): boolean {
    return sighting.gone === true || this.age(sighting) >= PATIENCE_MS;
  }

  private age({ seenAt }: Sighting): number {
    return this.watchedMs - seenAt;
  }
}
