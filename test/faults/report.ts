import type { ActingService } from './acting-service.js';
import type { QueryLog, SeenQuery } from './query-log.js';
import { ACTS } from './work.js';

/** What came of one kind of fault. */
export interface FaultReport {
  fault: string;
  injected: number;
  queries: number;
  /** Not done in the end, or done without having acted as often as it should. */
  lost: string[];
  /** Steps that acted under more than one key. */
  doubles: string[];
  /** Calls repeated under the same key, which the service recognised. */
  repeats: number;
  slowestRecoveryMs: number;
}

export function reportOf(
  parts: Pick<FaultReport, 'fault' | 'injected' | 'slowestRecoveryMs'>,
  runs: SeenQuery[],
  acts: ActingService,
): FaultReport {
  const lost = runs
    .filter((run) => !isWhole(run, acts))
    .map(({ metadata, status }) => {
      const { phase, response } = status ?? {};
      return `${metadata.name}: ${phase} ${response?.content ?? ''}`;
    });
  const uids = new Set(runs.map(({ metadata }) => metadata.uid));
  const doubles = acts.doubles().filter((step) => uids.has(step.split(' ')[0] ?? ''));
  return { ...parts, queries: runs.length, lost, doubles, repeats: acts.repeats };
}

function isWhole({ metadata, status }: SeenQuery, acts: ActingService): boolean {
  const steps = Array.from({ length: ACTS }, (_, i) => acts.acted.has(`${metadata.uid} ${i + 1}`));
  const remembered = !status?.conditions?.some(({ reason }) => reason === 'AppendFailed');
  return status?.phase === 'done' && status.response?.content === 'all done' && steps.every(Boolean) && remembered;
}

/**
 * How long the longest of some runs that a holder left behind waited until it was given back, or taken by another one.
 *
 * @param isHolder whether a claim was that holder's
 * @param at when it ended
 */
export function slowestTakeOver(
  log: QueryLog,
  runs: SeenQuery[],
  isHolder: (holder: string) => boolean,
  at: number,
): number {
  const waits = runs.map(({ metadata }) => {
    const next = log.steps
      .get(metadata.name)
      ?.find((step) => step.at > at && (step.released || !isHolder(step.holder)));
    return next ? next.at - at : 0;
  });
  return Math.max(0, ...waits);
}

/** How long after a moment the first run ended. */
export function firstEndAfter(log: QueryLog, at: number): number {
  const ends = [...log.steps.values()].flat().filter((step) => step.phase === 'done' && step.at >= at);
  return Math.min(...ends.map((step) => step.at - at));
}

/** Reports as a table for people. */
export function table(reports: FaultReport[]): string {
  const head = ['fault', 'injected', 'Queries', 'lost', 'double executions', 'known repeats', 'slowest recovery'];
  const rows = reports.map((one) => [
    one.fault,
    one.injected,
    one.queries,
    one.lost.length,
    one.doubles.length,
    one.repeats,
    `${(one.slowestRecoveryMs / 1000).toFixed(1)} s`,
  ]);
  const lines = [head, ...rows].map((cells) => cells.map(String));
  const widths = head.map((_, i) => Math.max(...lines.map((cells) => cells[i]?.length ?? 0)));
  return lines.map((cells) => cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')).join('\n');
}
