import { type AgentConfig, invalid, type JsonSchema, type Message, schemaProblems } from 'nest-ark';

/** OpenAI allows 64 characters. */
const LONGEST_NAME = 64;

/** Judges answers by the schema that the agent's manifest asks for. */
export class StructuredAnswer {
  /** The schema as it is sent to the model. */
  readonly format: { name: string; schema: JsonSchema };

  constructor(
    private readonly agent: AgentConfig,
    schema: JsonSchema,
  ) {
    const name = `namespace-${agent.namespace}-agent-${agent.name}`.slice(0, LONGEST_NAME);
    this.format = { name, schema };
  }

  /** The answer without the code fence that some models put around JSON, and what keeps it from fitting. */
  async judge(words: string): Promise<{ answer: string; problems: string[] }> {
    const answer = /^\s*```(?:json)?\s*\n(.*)\n\s*```\s*$/s.exec(words)?.[1] ?? words;
    let value: unknown;
    try {
      value = JSON.parse(answer);
    } catch (error) {
      return { answer, problems: [`it is not JSON: ${(error as Error).message}`] };
    }
    return { answer, problems: await schemaProblems(this.format.schema, value) };
  }

  /** What the model is told, once. */
  correction(problems: string[]): Message {
    const content = `Your answer does not fit the schema: ${problems.join('; ')}. Answer again, with the JSON only.`;
    return { role: 'user', content };
  }

  misfit(problems: string[]): Error {
    const { name, namespace } = this.agent;
    return invalid(
      `the answer of agent '${namespace}/${name}' does not fit spec.outputSchema: ${problems.join('; ')}`,
      {
        reason: 'OutputSchema',
      },
    );
  }
}
