import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../controller/clock.js';
import { FakeClock } from '../controller/fakes/fake-clock.js';
import { RecordingLogger } from '../controller/fakes/recording-server.js';
import type { Settings } from '../settings/settings.js';
import { LeaseBoard } from './fakes/lease-board.js';
import { LeaseHolders } from './lease-holders.js';

const SETTINGS = { namespace: 'ark', roles: ['controller'] } as unknown as Settings;
const OBJECTS = Array.from({ length: 60 }, (_, i) => `uid-${i}`);
const STEP_MS = 100;

/** One process: it asks which objects are its own when it starts, and again whenever it hears that another one is gone. */
class Process {
  readonly holders: LeaseHolders;
  readonly objects = new Set<string>();
  private dead = false;

  constructor(board: LeaseBoard, clock: FakeClock) {
    const own: Clock = {
      now: () => clock.now(),
      elapsed: () => clock.elapsed(),
      after: (milliseconds, callback) => clock.after(milliseconds, () => this.dead || callback()),
    };
    this.holders = new LeaseHolders(board, SETTINGS, new RecordingLogger(), own);
    this.holders.onGone(() => this.lookAtAll());
  }

  async start(): Promise<this> {
    await this.holders.onApplicationBootstrap();
    this.lookAtAll();
    return this;
  }

  /** As `kill -9` does: nothing of it happens any more. */
  kill(): void {
    this.dead = true;
    this.objects.clear();
  }

  /** As SIGTERM does. */
  async stop(): Promise<void> {
    await this.holders.beforeApplicationShutdown();
    this.kill();
  }

  private lookAtAll(): void {
    this.objects.clear();
    for (const uid of OBJECTS) if (this.holders.isMine(uid)) this.objects.add(uid);
  }
}

describe('what a process of a cluster looked after', () => {
  let clock: FakeClock;
  let board: LeaseBoard;
  let all: Process[];
  beforeEach(() => {
    clock = new FakeClock();
    board = new LeaseBoard();
    all = [];
  });

  const join = async () => {
    const one = new Process(board, clock);
    all.push(one);
    return one.start();
  };
  /** Three that have known each other for a while; their heartbeats come at different times. */
  const three = async () => {
    for (const pauseMs of [700, 500, 10_000]) {
      await join();
      await clock.pass(pauseMs);
    }
    return all[0]!;
  };
  /** How long until each object is looked after by one that lives. */
  const untilTaken = async () => {
    for (let ms = 0; ms <= 60_000; ms += STEP_MS) {
      if (OBJECTS.every((uid) => all.some(({ objects }) => objects.has(uid)))) return ms;
      await clock.pass(STEP_MS);
    }
    return Number.POSITIVE_INFINITY;
  };
  const moments = Array.from({ length: 10 }, (_, i) => i * 200);

  it.each(moments)('is another one’s within 3 s of its end by SIGTERM, %d ms after a heartbeat', async (ms) => {
    const leaving = await three();
    await clock.pass(ms);
    await leaving.stop();
    expect(await untilTaken()).toBeLessThanOrEqual(3_000);
  });

  it.each(moments)(
    'is another one’s within the 15 s of its Lease when it was killed, %d ms after a heartbeat',
    async (ms) => {
      const killed = await three();
      await clock.pass(ms);
      killed.kill();
      const taken = await untilTaken();
      expect(taken).toBeGreaterThan(5_000);
      expect(taken).toBeLessThanOrEqual(15_000);
    },
  );

  it.each([0, 3, 6, 9, 11])('is so when it comes back %d s after it was killed', async (seconds) => {
    const killed = await three();
    killed.kill();
    await clock.pass(seconds * 1_000);
    await join();
    expect(seconds * 1_000 + (await untilTaken())).toBeLessThanOrEqual(15_000);
  });

  it('leaves no Lease behind', async () => {
    const killed = await three();
    killed.kill();
    await clock.pass(15_000);
    expect(board.names.sort()).toEqual(
      all
        .slice(1)
        .map(({ holders }) => holders.self)
        .sort(),
    );
  });

  it('is its own again when it was only silent for long', async () => {
    const silent = await three();
    const { patch } = board;
    board.patch = (type, key, body) => {
      if (key.name === silent.holders.self) throw new Error('no way to the API server');
      return patch.call(board, type, key, body) as never;
    };
    await clock.pass(20_000);
    expect(board.names).not.toContain(silent.holders.self);
    board.patch = patch;
    await clock.pass(4_000);
    expect(board.names).toContain(silent.holders.self);
    expect(all[1]!.holders.isAlive(silent.holders.self)).toBe(true);
  });
});
