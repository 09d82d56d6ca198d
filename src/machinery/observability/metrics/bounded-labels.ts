import type { Labels } from '../../../kit/index.js';

/** Sets of values one figure keeps apart. Each costs memory here and in whatever scrapes it, for ever. */
const MOST_SETS = 1_000;
/** What stands for every set beyond. */
const OTHER = 'other';

/** Keeps the labels of one figure from growing without end, since names of agents and models come from users. */
export class BoundedLabels {
  private readonly seen = new Map<string, Labels>();
  private readonly beyond: Labels;

  constructor(
    private readonly names: readonly string[],
    private readonly most = MOST_SETS,
  ) {
    this.beyond = Object.fromEntries(names.map((name) => [name, OTHER]));
  }

  /** The labels to count under: those given, or `other` for each when there are too many already. */
  bound(labels: Labels = {}): Labels {
    if (this.names.length === 0) return labels;
    const key = this.names.map((name) => labels[name]).join('\n');
    const known = this.seen.get(key);
    if (known) return known;
    if (this.seen.size >= this.most) return this.beyond;
    this.seen.set(key, labels);
    return labels;
  }
}
