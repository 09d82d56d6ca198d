/** What a judge said, read. */
export interface JudgeVerdict {
  score: number;
  reasoning: string;
  criteria: Record<string, number>;
  /** The score as the judge wrote it, when its own criteria contradict it. */
  contradicted?: number;
}

/** Further apart than this, the mean of the criteria counts and not the score. */
const TOLERANCE = 0.15;

/** Reads the lines of a judge. Undefined: they hold no score. */
export function readVerdict(words: string): JudgeVerdict | undefined {
  const criteria = criteriaScores(line(words, 'CRITERIA_SCORES'));
  const scores = Object.values(criteria);
  const mean = scores.length > 0 ? scores.reduce((sum, each) => sum + each, 0) / scores.length : undefined;
  const said = unit(line(words, 'SCORE'));
  const score = said ?? mean;
  if (score === undefined) return undefined;
  const reasoning = line(words, 'REASONING');
  if (said === undefined || mean === undefined || Math.abs(said - mean) <= TOLERANCE) {
    return { score, reasoning, criteria };
  }
  return { score: mean, reasoning, criteria, contradicted: said };
}

/**
 * The rest of the first line with this label; models like to dress labels up as `**SCORE:** 0.8`. Ornaments and names are
 * bounded: without an end, a long answer would be read in the square of its length.
 */
function line(words: string, label: string): string {
  const found = new RegExp(`^[\\s*#_-]{0,40}${label}[\\s*_]{0,40}[:=][\\s*_]{0,40}(.*)$`, 'im').exec(words);
  return found?.[1]?.trim() ?? '';
}

function criteriaScores(text: string): Record<string, number> {
  const scores: Record<string, number> = {};
  for (const [, name = '', value = ''] of text.matchAll(
    /([A-Za-z][\w -]{0,80}?)["']?\s{0,20}[:=]\s{0,20}([\d.]+%?(?:\s{0,20}\/\s{0,20}\d+)?)/g,
  )) {
    const score = unit(value);
    if (score !== undefined)
      scores[
        name
          .trim()
          .toLowerCase()
          .replace(/[\s-]+/g, '_')
      ] = score;
  }
  return scores;
}

/** A score as a number from 0 to 1: `0.8`, `8/10`, `80%`, and `80`, which is meant as percent. */
function unit(text: string): number | undefined {
  const [, number = '', rest = '', whole = ''] = /^(\d+(?:\.\d+)?|\.\d+)\s*(%|\/\s*(\d+))?/.exec(text) ?? [];
  if (number === '') return undefined;
  const parts = whole === '' ? (rest === '%' || Number(number) > 1 ? 100 : 1) : Number(whole);
  const score = Number(number) / parts;
  return score >= 0 && score <= 1 ? score : undefined;
}
