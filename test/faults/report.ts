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
  return Math.min(...endsSince(log, at)) - at;
}

/** The longest time after a moment in which no run ended, up to the end of the last. */
export function longestSilence(log: QueryLog, at: number): number {
  const ends = endsSince(log, at).sort((one, other) => one - other);
  return Math.max(...ends.map((end, i) => end - (ends[i - 1] ?? at)));
}

const endsSince = (log: QueryLog, at: number): number[] =>
  [...log.steps.values()].flat().flatMap((step) => (step.phase === 'done' && step.at >= at ? [step.at] : []));

/** Reports as a table for people, in Markdown; the last line is about all faults. */
export function table(reports: FaultReport[]): string {
  const head = [
    'Fault',
    'Faults injected',
    'Queries',
    'Queries lost',
    'Double executions',
    'Repeats recognised',
    'Slowest recovery',
  ];
  const sum = (count: (one: FaultReport) => number) => reports.reduce((total, one) => total + count(one), 0);
  const slowest = Math.max(...reports.map((one) => one.slowestRecoveryMs));
  const rows = [
    ...reports.map((one) => row(one.fault, (count) => count(one), one.slowestRecoveryMs)),
    row('all', sum, slowest),
  ];
  const lines = [head, head.map(() => '---'), ...rows];
  const widths = head.map((_, i) => Math.max(...lines.map((cells) => cells[i]?.length ?? 0)));
  return lines.map((cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`).join('\n');
}

type Count = (count: (one: FaultReport) => number) => number;

const row = (fault: string, count: Count, recoveryMs: number): string[] => [
  fault,
  String(count((one) => one.injected)),
  String(count((one) => one.queries)),
  String(count((one) => one.lost.length)),
  String(count((one) => one.doubles.length)),
  String(count((one) => one.repeats)),
  `${(recoveryMs / 1000).toFixed(1)} s`,
];
