import type { Clock } from '../clock.js';

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  private time = Date.parse('2026-01-01T00:00:00Z');
  private timers: { at: number; callback: () => void }[] = [];

  now(): Date {
    return new Date(this.time);
  }

  elapsed(): number {
    return this.time;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.time + milliseconds, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** How long until the next timer, or undefined without one. */
  get nextIn(): number | undefined {
    return this.timers.length > 0 ? Math.min(...this.timers.map(({ at }) => at)) - this.time : undefined;
  }

  /** Lets time pass, firing what is due in order, with a turn of the event loop after each. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    for (;;) {
      const due = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers = this.timers.filter((other) => other !== due);
      this.time = due.at;
      due.callback();
      await turn();
    }
    this.time = end;
    await turn();
  }
}

/** Lets everything that is ready run. */
export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
