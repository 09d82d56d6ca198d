import type { CompletionRequest, ModelClient, ModelEvent } from '../../kit/index.js';
import type { RunBudget } from '../../runtime/budgets/run-budget.js';
import { markUntrusted } from '../../runtime/tool-gate/untrusted-results.js';

interface Loan {
  budget: RunBudget;
  conversationId: string;
  isExternal(toolName: string): boolean;
}

/** A model as engines get it: each completion is a turn of the budget, and results of tools go out marked as data. */
export class LentModel implements ModelClient {
  constructor(
    private readonly client: ModelClient,
    private readonly loan: Loan,
  ) {}

  get config(): ModelClient['config'] {
    return this.client.config;
  }

  complete(request: CompletionRequest, signal: AbortSignal): AsyncIterable<ModelEvent> {
    const { budget, conversationId, isExternal } = this.loan;
    budget.spendTurn();
    const messages = markUntrusted(request.messages, conversationId, isExternal);
    return this.client.complete({ ...request, messages }, signal);
  }
}
