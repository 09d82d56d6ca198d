import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/harness/eventually.js';
import { QuietMoment } from './quiet-moment.js';

/** Longer than the moment without work that counts as quiet. */
const LONG_MS = 60;

describe('a quiet moment', () => {
  it('comes when the last work has ended, and once', async () => {
    const moment = new QuietMoment();
    const gate = Promise.withResolvers<void>();
    let calls = 0;
    const work = moment.during(() => gate.promise);
    moment.whenQuiet(() => (calls += 1));
    await pause(LONG_MS);
    expect(calls).toBe(0);
    gate.resolve();
    await work;
    await eventually(() => expect(calls).toBe(1));
    await moment.during(async () => {});
    await pause(LONG_MS);
    expect(calls).toBe(1);
  });

  it('comes although work waits, when it waits for work that waits itself', async () => {
    const moment = new QuietMoment();
    let quiet = false;
    const forever = new Promise<never>(() => {});
    void moment.during(() => moment.whileWaiting(() => moment.during(() => moment.whileWaiting(() => forever))));
    moment.whenQuiet(() => (quiet = true));
    await eventually(() => expect(quiet).toBe(true));
  });

  it('does not come while a stream is read', async () => {
    const moment = new QuietMoment();
    let quiet = false;
    const gate = Promise.withResolvers<void>();
    const slow = moment.duringStream(
      (async function* () {
        yield 1;
        await gate.promise;
      })(),
    );
    await slow.next();
    moment.whenQuiet(() => (quiet = true));
    await pause(LONG_MS);
    expect(quiet).toBe(false);
    gate.resolve();
    await slow.next();
    await eventually(() => expect(quiet).toBe(true));
  });
});
