import type { ChatMessage, EvaluationRequest } from 'nest-ark';

/** A call of a tool in the transcript of a Query. */
export interface CallFact {
  name: string;
  arguments: Record<string, unknown>;
  result: string;
  failed: boolean;
}

/** A turn of an agent or a team. */
export interface TurnFact {
  name: string;
  failed: boolean;
}

/** All that a rule can speak of; plain data, since rules run in a thread of their own. */
export interface RunFacts {
  input: string;
  output: string;
  expected: string | null;
  query: { name: string; namespace: string; phase: string; seconds: number; tokens: number };
  calls: CallFact[];
  agents: TurnFact[];
  teams: TurnFact[];
  /** Answers of a model. */
  completions: number;
}

export function runFacts({ exchange, run, namespace }: EvaluationRequest): RunFacts {
  const { input, output, expected = null } = exchange;
  const messages = run?.messages ?? [];
  const query = {
    name: run?.name ?? '',
    namespace: run?.namespace ?? namespace,
    phase: run?.phase ?? '',
    seconds: run?.seconds ?? 0,
    tokens: run?.tokens ?? 0,
  };
  const failed = query.phase !== 'done';
  const { type, name = '' } = run?.target ?? {};
  if (type === 'tool') {
    const call = { name, arguments: argumentsOf(input), result: output, failed };
    return { input, output, expected, query, calls: [call], agents: [], teams: [], completions: 0 };
  }
  const said = messages.filter(({ role }) => role === 'assistant');
  const own = type === 'agent' ? [name] : [];
  const named = said.flatMap((message) => message.name ?? own);
  // What failed left no transcript.
  const agents =
    named.length > 0
      ? named.map((each) => ({ name: each, failed: false }))
      : own.map((each) => ({ name: each, failed }));
  return {
    ...{ input, output, expected, query, agents, completions: said.length },
    calls: callsOf(messages),
    teams: type === 'team' ? [{ name, failed }] : [],
  };
}

/** Each call with the result that follows it: the same id may come again in a later turn. */
function callsOf(messages: ChatMessage[]): CallFact[] {
  const calls: CallFact[] = [];
  const open = new Map<string, CallFact>();
  for (const { role, content, tool_calls = [], tool_call_id = '', is_error = false } of messages) {
    for (const { id, function: called } of tool_calls) {
      const call = { name: called.name, arguments: argumentsOf(called.arguments), result: '', failed: false };
      calls.push(call);
      open.set(id, call);
    }
    if (role === 'tool') Object.assign(open.get(tool_call_id) ?? {}, { result: content, failed: is_error });
  }
  return calls;
}

function argumentsOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
