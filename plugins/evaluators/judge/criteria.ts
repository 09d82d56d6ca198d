import { type EvaluationRequest, invalid } from 'nest-ark';

/** What an answer can be judged by, as the judge reads it. */
const CRITERIA: Record<string, string> = {
  relevance: 'it answers what was asked',
  accuracy: 'what it says is true, and agrees with the expected answer where there is one',
  conciseness: 'it wastes no words',
  completeness: 'nothing that was asked for is missing',
  clarity: 'it is easy to understand',
  usefulness: 'the asker can act on it',
};

/** Criteria that need the instructions of the agent that answered. */
const OF_CONDUCT: Record<string, string> = {
  compliance: 'it keeps to the instructions of the agent',
  appropriateness: 'its tone and content fit the role that the instructions describe',
  refusal_handling: 'it refuses what the instructions forbid, and nothing else',
};

/** Criteria that need a context. */
const OF_CONTEXT: Record<string, string> = {
  context_precision: 'what it uses of the context matters for the question',
  context_recall: 'it uses all of the context that matters for the question',
  context_entity_recall: 'it names the people, places and things of the context that matter',
  faithfulness: 'everything it claims follows from the context',
};

/**
 * The criteria that the parameter `scope` asks for, by name. `all`, the default: every one that the exchange has the
 * material for.
 */
export function criteriaOf({ parameters, exchange }: EvaluationRequest): Record<string, string> {
  const all = {
    ...CRITERIA,
    ...(exchange.instructions ? OF_CONDUCT : {}),
    ...(exchange.context ? OF_CONTEXT : {}),
  };
  const names = (parameters.scope || 'all').split(',').map((name) => name.trim().replaceAll('-', '_'));
  if (names.includes('all')) return all;
  const known: Record<string, string> = { ...CRITERIA, ...OF_CONDUCT, ...OF_CONTEXT };
  const strange = names.filter((name) => !Object.hasOwn(known, name));
  if (strange.length > 0) {
    throw invalid(
      `parameter scope: nobody judges by ${strange.join(', ')}; known: all, ${Object.keys(known).join(', ')}`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, known[name] ?? '']));
}
