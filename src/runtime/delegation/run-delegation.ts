import { type Delegation, invalid } from '../../kit/index.js';
import { participantText } from './participant.js';
import type { RunScope } from './run-scope.js';
import { waitingScope } from './waiting.js';

/** Asks others, under a key that is the same for every attempt at the same question. */
export interface KeyedDelegation {
  ask(target: Parameters<Delegation['ask']>[0], input: string, idempotencyKey: string): Promise<string>;
}

/** Lets one agent of a run ask others: within the same deadline and budget, not in circles and not too deep. */
export class RunDelegation implements KeyedDelegation {
  /**
   * @param asker the agent that asks; absent for a tool that is asked directly
   */
  constructor(
    private readonly scope: RunScope,
    private readonly asker: string | undefined,
  ) {}

  /** Whoever is asked hears the input and nothing of the conversation. */
  async ask(target: { type: 'agent' | 'team'; name: string }, input: string, idempotencyKey: string): Promise<string> {
    const { scope, asker } = this;
    const inner = waitingScope(scope, asker, target);
    const turn = { input, history: [], transcript: [], conversationId: '' };
    const { text } = await scope.ask(target, turn, { ...inner, idempotencyKey });
    const { namespace } = scope.query.metadata;
    if (text.trim() === '')
      throw invalid(`${participantText({ ...target, name: `${namespace}/${target.name}` })} gave no answer`);
    return text;
  }
}
