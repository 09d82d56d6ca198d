import { invalid } from '../../kit/index.js';

const DEFAULT_PASS_MARK = 0.7;

/** A score as statuses hold it: from 0 to 1, at most four decimals, never with an exponent. */
export function scoreText(score: number, saidBy: string): string {
  if (!(score >= 0 && score <= 1)) throw invalid(`${saidBy} gave the score ${score}, which is not between 0 and 1`);
  return String(Math.round(score * 10_000) / 10_000);
}

/** A score of a service: a number or its text. Services that count to 100 are understood. */
export function readScore(value: unknown, saidBy: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const score = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  if (!(score >= 0 && score <= 100)) {
    throw invalid(`${saidBy} answered with the score ${JSON.stringify(value)}: a number from 0 to 1 is needed`);
  }
  return scoreText(score > 1 ? score / 100 : score, saidBy);
}

/** The least score that passes. Throws `Invalid` naming the parameter. */
export function passMarkOf(parameters: Record<string, string>): number {
  const name = ['min-score', 'min_score', 'threshold'].find((each) => parameters[each]);
  if (name === undefined) return DEFAULT_PASS_MARK;
  const mark = Number(parameters[name]);
  if (mark >= 0 && mark <= 1) return mark;
  throw invalid(`parameter ${name} is "${parameters[name]}": write a number from 0 to 1`);
}
