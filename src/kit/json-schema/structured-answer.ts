import type { AgentConfig } from '../engine/execution.js';
import { type ArkError, invalid } from '../errors/ark-error.js';
import { type JsonSchema, schemaProblems } from './schema-problems.js';

/** OpenAI allows 64 characters. */
const LONGEST_NAME = 64;

/**
 * Holds an agent to its `spec.outputSchema`, for engines that run a model themselves.
 *
 * Send `format` as the model's output schema, hold the words back, and let `judge` say what the answer is and why it
 * does not fit; tell the model its `correction` once, and throw its `misfit` the next time.
 *
 * @example
 * const structured = new StructuredAnswer(agent, agent.outputSchema);
 * const { answer, problems } = await structured.judge(words);
 * if (problems.length > 0) throw structured.misfit(problems);
 * yield text(answer);
 */
export class StructuredAnswer {
  /** The schema as it is sent to the model; its name fits every vendor. */
  readonly format: { name: string; schema: JsonSchema };

  constructor(
    private readonly agent: Pick<AgentConfig, 'name' | 'namespace'>,
    schema: JsonSchema,
  ) {
    const name = `namespace-${agent.namespace}-agent-${agent.name}`.slice(0, LONGEST_NAME);
    this.format = { name, schema };
  }

  /** The JSON in what the model said, without the code fence that some models put around it, and what keeps it from fitting. */
  async judge(words: string): Promise<{ answer: string; problems: string[] }> {
    const { name, namespace } = this.agent;
    const answer = /```(?:json)?\s*\n(.*?)\n\s*```/s.exec(words)?.[1] ?? words;
    let value: unknown;
    try {
      value = JSON.parse(answer);
    } catch (error) {
      return { answer, problems: [`it is not JSON: ${(error as Error).message}`] };
    }
    return {
      answer,
      problems: await schemaProblems(this.format.schema, value, `spec.outputSchema of agent '${namespace}/${name}'`),
    };
  }

  /** What the model is told. */
  correction(problems: string[]): string {
    return `Your answer does not fit the schema: ${problems.join('; ')}. Answer again, with the JSON only.`;
  }

  /** The `Invalid` error that ends the run, with reason `OutputSchema`. */
  misfit(problems: string[]): ArkError {
    const { name, namespace } = this.agent;
    const text = `the answer of agent '${namespace}/${name}' does not fit spec.outputSchema: ${problems.join('; ')}`;
    return invalid(text, { reason: 'OutputSchema' });
  }
}
