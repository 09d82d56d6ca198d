import type { QueryAnswer } from '../../../reconcilers/query/query-answer.js';
import type { Query } from '../../../resources/query/query.resource.js';

/** One task that lives in this process: its Query as it is now, and the work on it. */
export class PassingRun {
  /** Resolves when nothing more will come by itself. */
  settled: Promise<void>;
  /** Set while somebody works on it. */
  work?: QueryAnswer;
  private settle!: () => void;

  constructor(public query: Query) {
    this.settled = this.goesOn();
  }

  resume(query: Query): void {
    this.query = query;
    this.settled = this.goesOn();
  }

  end(query: Query): void {
    this.query = query;
    this.work = undefined;
    this.settle();
  }

  private goesOn(): Promise<void> {
    return new Promise((resolve) => {
      this.settle = resolve;
    });
  }
}
