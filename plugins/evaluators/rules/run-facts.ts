import type { ChatMessage, EvaluationRequest } from 'nest-ark';

/** A call of a tool in the transcript of a Query. */
export interface CallFact {
  name: string;
  arguments: Record<string, unknown>;
  result: string;
}

/** All that a rule can speak of; plain data, since rules run in a thread of their own. */
export interface RunFacts {
  input: string;
  output: string;
  expected: string | null;
  query: { name: string; namespace: string; phase: string; seconds: number; tokens: number };
  calls: CallFact[];
  /** Names of agents that spoke, one entry for each of their turns. */
  agents: string[];
  teams: string[];
  /** Answers of a model. */
  completions: number;
}

export function runFacts({ exchange, run, namespace }: EvaluationRequest): RunFacts {
  const { input, output, expected = null } = exchange;
  const messages = run?.messages ?? [];
  const said = messages.filter(({ role }) => role === 'assistant');
  const target = run?.target;
  const own = target?.type === 'agent' ? [target.name] : [];
  const named = said.flatMap(({ name }) => (name === undefined ? own : [name]));
  return {
    input,
    output,
    expected,
    query: {
      name: run?.name ?? '',
      namespace: run?.namespace ?? namespace,
      phase: run?.phase ?? '',
      seconds: run?.seconds ?? 0,
      tokens: run?.tokens ?? 0,
    },
    calls: callsOf(messages),
    agents: named.length > 0 ? named : own,
    teams: target?.type === 'team' ? [target.name] : [],
    completions: said.length,
  };
}

function callsOf(messages: ChatMessage[]): CallFact[] {
  const results = new Map(messages.map((message) => [message.tool_call_id, message.content]));
  return messages
    .flatMap(({ tool_calls = [] }) => tool_calls)
    .map(({ id, function: called }) => {
      return { name: called.name, arguments: argumentsOf(called.arguments), result: results.get(id) ?? '' };
    });
}

function argumentsOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
