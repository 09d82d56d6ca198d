import { type Delegation, denied, invalid } from '../../kit/index.js';
import type { RunScope } from './run-scope.js';

/** Runs an agent of the Query's namespace on an input, with nothing of the conversation, and gives its answer. */
export type RunAgent = (name: string, input: string, scope: RunScope) => Promise<string>;

/** Lets one agent of a run ask others: within the same deadline and budget, not in circles and not too deep. */
export class RunDelegation implements Delegation {
  /**
   * @param asker the agent that asks; absent for a tool that is asked directly
   */
  constructor(
    private readonly scope: RunScope,
    private readonly asker: string | undefined,
    private readonly run: RunAgent,
  ) {}

  async ask(target: { type: 'agent' | 'team'; name: string }, input: string): Promise<string> {
    if (target.type === 'team') {
      throw invalid(`team '${target.name}' cannot be asked: this version runs no teams. Ask an agent`);
    }
    const { scope, asker } = this;
    const path = asker === undefined ? scope.path : [...scope.path, asker];
    if (path.includes(target.name)) {
      throw denied(
        `agent '${target.name}' cannot be asked: it waits for this answer itself (${[...path, target.name].join(' → ')})`,
      );
    }
    const { depth } = scope.budget.limits;
    if (path.length >= depth) {
      throw denied(
        `agent '${target.name}' cannot be asked: ${depth} agents wait for each other already; answer yourself`,
      );
    }
    return this.run(target.name, input, { ...scope, path });
  }
}
