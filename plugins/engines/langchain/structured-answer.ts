import { parseJsonMarkdown } from '@langchain/core/output_parsers';
import { type AgentConfig, invalid, type JsonSchema, schemaProblems } from 'nest-ark';

/** OpenAI allows 64 characters. */
const LONGEST_NAME = 64;

/** What an agent's manifest asks its answer to look like. */
export class StructuredAnswer {
  /** The schema as it is sent to the model. */
  readonly format: { name: string; schema: JsonSchema };

  constructor(
    private readonly agent: AgentConfig,
    schema: JsonSchema,
  ) {
    this.format = { name: `langchain-${agent.namespace}-${agent.name}`.slice(0, LONGEST_NAME), schema };
  }

  /** The JSON in what the model said, and what keeps it from fitting. */
  async judge(words: string): Promise<{ answer: string; problems: string[] }> {
    let value: unknown;
    try {
      value = JSON.parse(words) as unknown;
    } catch {
      value = fenced(words);
    }
    if (value === undefined) return { answer: words, problems: ['it is not JSON'] };
    return { answer: JSON.stringify(value), problems: await schemaProblems(this.format.schema, value) };
  }

  misfit(problems: string[]): Error {
    const { name, namespace } = this.agent;
    const text = `the answer of agent '${namespace}/${name}' does not fit spec.outputSchema: ${problems.join('; ')}`;
    return invalid(text, { reason: 'OutputSchema' });
  }
}

function fenced(words: string): unknown {
  if (!words.includes('```')) return undefined;
  try {
    // The parser of its own accord completes JSON that breaks off; half an answer is none.
    return parseJsonMarkdown(words, (text) => JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}
