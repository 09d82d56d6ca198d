/** Time, so that tests can move it. */
export interface Clock {
  now(): Date;
  /** Milliseconds since some moment: moves on evenly, even when somebody sets the clock. */
  elapsed(): number;
  /** Calls back after so many milliseconds, or after about 24 days if that is sooner. Returns the way to call it off. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** Injection token of a clock other than the system's. */
export const CLOCK = Symbol('clock');

/** Node fires at once for anything longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  elapsed: () => performance.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, Math.min(milliseconds, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
