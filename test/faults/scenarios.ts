import { DoorClients } from './door-clients.js';
import type { Replica } from './replica.js';
import { isOver, type Replicas } from './replicas.js';
import { type FaultReport, firstEndAfter, longestSilence, reportOf, slowestTakeOver } from './report.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** How long all runs may take once the faults are over. */
const PATIENCE_MS = 240_000;

type Fault = (replicas: Replicas, runs: { prefix: string; count: number }) => Promise<FaultReport>;

/** Kills one replica after the other, by chance, until all runs have ended; each comes back. */
export const kills =
  (everyMs: number, most = Number.POSITIVE_INFINITY): Fault =>
  async (replicas, { prefix, count }) => {
    const goesOn = () => replicas.log.of(prefix).filter(({ status }) => isOver(status?.phase)).length < count;
    const asked = replicas.ask(prefix, count);
    let injected = 0;
    let back = Promise.resolve();
    const takeOvers: (() => number)[] = [];
    for (; injected < most && goesOn(); injected++) {
      await pause(everyMs);
      if (!goesOn()) break;
      const victim = replicas.all[Math.floor(Math.random() * replicas.all.length)]!;
      await back;
      takeOvers.push(await ended(replicas, victim, () => victim.kill()));
      back = victim.start();
    }
    await Promise.all([asked, back]);
    await replicas.ended(prefix, count, PATIENCE_MS);
    const slowestRecoveryMs = Math.max(0, ...takeOvers.map((measure) => measure()));
    return report(replicas, prefix, { fault: `kill -9 every ${everyMs / 1000} s`, injected, slowestRecoveryMs });
  };

/** Ends every replica politely, one after the other, each back before the next goes. */
export const rollingRestart =
  (restarts: number): Fault =>
  async (replicas, { prefix, count }) => {
    const asked = replicas.ask(prefix, count);
    const takeOvers: (() => number)[] = [];
    for (let i = 0; i < restarts; i++) {
      await pause(1_500);
      const victim = replicas.all[i % replicas.all.length]!;
      takeOvers.push(await ended(replicas, victim, () => victim.stop()));
      await victim.start();
    }
    await asked;
    await replicas.ended(prefix, count, PATIENCE_MS);
    const slowestRecoveryMs = Math.max(0, ...takeOvers.map((measure) => measure()));
    return report(replicas, prefix, { fault: 'rolling restart by SIGTERM', injected: restarts, slowestRecoveryMs });
  };

/** Ends replicas that have just left the list of those who get requests, while clients wait for answers of them. */
export async function restartsAtTheDoors(replicas: Replicas, restarts: number): Promise<FaultReport> {
  const clients = await DoorClients.begin(replicas);
  const waits: number[] = [];
  try {
    for (let i = 0; i < restarts; i++) {
      const victim = replicas.all[i % replicas.all.length]!;
      const open = await clients.leave(victim);
      const at = Date.now();
      await victim.stop();
      for (const { end } of open) waits.push((await end) - at);
      await victim.start();
      clients.join(victim);
    }
  } finally {
    await clients.stop();
  }
  const parts = { fault: 'rolling restart by SIGTERM, messages over HTTP', injected: restarts };
  const { sent: queries, failed: lost } = clients;
  return { ...parts, queries, lost, doubles: [], repeats: 0, slowestRecoveryMs: Math.max(...waits) };
}

/** Takes a server that all replicas need away for a while, in the middle of the runs. */
export const outage =
  (fault: string, forMs: number, away: (replicas: Replicas) => Promise<unknown>, back: typeof away): Fault =>
  async (replicas, { prefix, count }) => {
    const asked = replicas.ask(prefix, count);
    await pause(1_500);
    await away(replicas);
    await pause(forMs);
    await back(replicas);
    const at = Date.now();
    await asked;
    await replicas.ended(prefix, count, PATIENCE_MS);
    return report(replicas, prefix, { fault, injected: 1, slowestRecoveryMs: firstEndAfter(replicas.log, at) });
  };

export const apiServerAway = (forMs: number) =>
  outage(
    `API server down for ${forMs / 1000} s`,
    forMs,
    ({ plane }) => plane.killApiServer(),
    ({ plane }) => plane.up(),
  );

export const databaseAway = (forMs: number) =>
  outage(
    `PostgreSQL down for ${forMs / 1000} s`,
    forMs,
    ({ database }) => database.crash(),
    ({ database }) => database.restart(),
  );

/** Cuts every connection to the API server again and again, watches too. */
export const cuts =
  (everyMs: number, most = Number.POSITIVE_INFINITY): Fault =>
  async (replicas, { prefix, count }) => {
    const before = replicas.way.cuts;
    const at = Date.now();
    const cutting = setInterval(() => {
      if (replicas.way.cuts - before < most) replicas.way.cut();
    }, everyMs);
    try {
      await replicas.ask(prefix, count);
      await replicas.ended(prefix, count, PATIENCE_MS);
    } finally {
      clearInterval(cutting);
    }
    const injected = replicas.way.cuts - before;
    const slowestRecoveryMs = longestSilence(replicas.log, at);
    return report(replicas, prefix, { fault: `watches cut every ${everyMs / 1000} s`, injected, slowestRecoveryMs });
  };

/** Nothing goes wrong but what was wrong from the start. */
export const calm =
  (fault: string): Fault =>
  async (replicas, { prefix, count }) => {
    const at = Date.now();
    await replicas.ask(prefix, count);
    await replicas.ended(prefix, count, PATIENCE_MS);
    return report(replicas, prefix, { fault, injected: 1, slowestRecoveryMs: firstEndAfter(replicas.log, at) });
  };

/** Ends a replica; gives the way to learn, later, how long its runs waited. */
async function ended(replicas: Replicas, victim: Replica, end: () => Promise<void>): Promise<() => number> {
  const { pid } = victim;
  const isHolder = (holder: string) => Number(holder.split('-').at(-2)) === pid;
  const open = [...replicas.log.latest.values()].filter(
    ({ status }) => status?.phase === 'running' && isHolder(status.claim?.holder ?? ''),
  );
  const at = Date.now();
  await end();
  return () => slowestTakeOver(replicas.log, open, isHolder, at);
}

function report(
  replicas: Replicas,
  prefix: string,
  parts: Pick<FaultReport, 'fault' | 'injected' | 'slowestRecoveryMs'>,
): FaultReport {
  return reportOf(parts, replicas.log.of(prefix), replicas.acts);
}
