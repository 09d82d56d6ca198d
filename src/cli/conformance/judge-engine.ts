import { readdirSync } from 'node:fs';
import { errorText } from '../../kit/errors/ark-error.js';
import { type ConformanceCase, type DefineCases, NotApplicable, type Trial } from './trial.js';

export type Outcome = 'passed' | 'failed' | 'warned' | 'skipped';

export interface Verdict {
  title: string;
  level: ConformanceCase['level'];
  outcome: Outcome;
  /** Why it failed or was skipped. */
  detail?: string;
}

const FOLDER = new URL('./cases/', import.meta.url);
const CASES_FILE = /^[a-z0-9-]+\.cases\.(js|ts)$/;

/** Holds an engine to every promise, one after the other. The cases are the files of `cases/`. */
export async function judgeEngine(trial: Trial, onVerdict: (verdict: Verdict) => void): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const one of await findCases(trial)) {
    const verdict = await judge(one, trial);
    verdicts.push(verdict);
    onVerdict(verdict);
  }
  return verdicts;
}

async function findCases(trial: Trial): Promise<ConformanceCase[]> {
  const files = readdirSync(FOLDER)
    .filter((file) => CASES_FILE.test(file))
    .sort();
  const modules = files.map(async (file) => (await import(new URL(file, FOLDER).href)) as { default: DefineCases });
  return (await Promise.all(modules)).flatMap((module) => module.default(trial));
}

async function judge({ title, level, run }: ConformanceCase, trial: Trial): Promise<Verdict> {
  try {
    await run(trial);
    return { title, level, outcome: 'passed' };
  } catch (error) {
    if (error instanceof NotApplicable) return { title, level, outcome: 'skipped', detail: error.message };
    return { title, level, outcome: level === 'must' ? 'failed' : 'warned', detail: reason(error, trial) };
  }
}

/** `fetch` hides why it failed in its cause. */
function reason(error: unknown, trial: Trial): string {
  if ((error as Error)?.name === 'TimeoutError') return `no answer within ${trial.timeoutMs / 1000} s`;
  const { cause } = error as { cause?: unknown };
  return cause ? `${errorText(error)}: ${errorText(cause)}` : errorText(error);
}
