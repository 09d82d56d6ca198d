import { invalid } from '../../kit/index.js';

/** A question with the answer that somebody wished for. */
export interface GoldenExample {
  input: string;
  expectedOutput: string;
  /** Least score that passes this example. */
  expectedMinScore?: string | number;
  category?: string;
  difficulty?: string;
}

const PARAMETER = 'golden-examples';
/** Each costs two completions. */
const MOST_EXAMPLES = 1_000;

/** The examples of a baseline. Throws `Invalid` naming the one that is wrong. */
export function goldenExamples(parameters: Record<string, string>): GoldenExample[] {
  const text = parameters[PARAMETER];
  if (!text) throw invalid(`type baseline needs the parameter ${PARAMETER}: a JSON list of {input, expectedOutput}`);
  let examples: unknown;
  try {
    examples = JSON.parse(text);
  } catch (error) {
    throw invalid(`parameter ${PARAMETER} is not JSON: ${(error as Error).message}`);
  }
  if (!Array.isArray(examples) || examples.length === 0) {
    throw invalid(`parameter ${PARAMETER}: write a JSON list with at least one {input, expectedOutput}`);
  }
  if (examples.length > MOST_EXAMPLES) throw invalid(`parameter ${PARAMETER} has more than ${MOST_EXAMPLES} examples`);
  return examples.map(readExample);
}

function readExample(value: unknown, index: number): GoldenExample {
  const example = (value ?? {}) as Partial<GoldenExample>;
  const at = `parameter ${PARAMETER}[${index}]`;
  for (const field of ['input', 'expectedOutput'] as const) {
    if (typeof example[field] !== 'string') throw invalid(`${at}.${field}: write a text`);
  }
  const mark = Number(example.expectedMinScore ?? 0);
  if (!(mark >= 0 && mark <= 1)) throw invalid(`${at}.expectedMinScore: write a number from 0 to 1`);
  return example as GoldenExample;
}
