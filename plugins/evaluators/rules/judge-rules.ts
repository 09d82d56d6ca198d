import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type EvaluationRule, errorText, invalid } from 'nest-ark';
import { ruleText } from './rule-text.js';
import type { RuleOutcome } from './rule-thread.js';
import type { RunFacts } from './run-facts.js';

/** Milliseconds that all rules of one evaluation may take once their thread runs: a busy machine is no fault of theirs. */
const LIMIT_MS = 3_000;
/** A rule can build lists of lists; it must not take the memory of the whole process. */
const MEMORY = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };
const THREAD = new URL(`./rule-thread${extname(import.meta.url)}`, import.meta.url);

/**
 * What becomes of each rule, in order: whether it holds, or why it failed on these facts.
 *
 * @throws `Invalid` naming the rule that is no expression, takes too long or too much memory
 */
export async function judgeRules(rules: EvaluationRule[], facts: RunFacts, signal: AbortSignal) {
  signal.throwIfAborted();
  const outcomes: ({ holds: boolean } | { fails: string })[] = [];
  const expressions = rules.map(({ expression }) => ruleText(expression));
  const worker = new Worker(THREAD, { workerData: { facts, expressions }, resourceLimits: MEMORY });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const refuse = (why: string) => {
    const rule = rules[outcomes.length];
    reject(invalid(`rule "${rule?.name}", ${rule?.expression}: ${why}`, { reason: 'InvalidRule' }));
  };
  const abort = () => reject(signal.reason as Error);
  let timer: NodeJS.Timeout | undefined;
  signal.addEventListener('abort', abort, { once: true });
  worker.on('message', (outcome: RuleOutcome | 'ready') => {
    if (outcome === 'ready') {
      timer = setTimeout(() => refuse(`it takes longer than ${LIMIT_MS / 1000} seconds`), LIMIT_MS);
      return;
    }
    if ('refused' in outcome) return refuse(outcome.refused);
    if (outcomes.push(outcome) === rules.length) resolve();
  });
  worker.on('error', (error) => refuse(errorText(error)));
  worker.on('exit', () => refuse('its thread ended'));
  try {
    await promise;
    return outcomes;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    await worker.terminate();
  }
}
