import type { CompletionRequest, ModelClient, ModelEvent } from '../../kit/index.js';
import type { RunApprovals } from '../../runtime/approval/run-approvals.js';
import type { RunJournal } from '../../runtime/approval/run-journal.js';
import { checkPrompt } from '../../runtime/budgets/prompt-limit.js';
import type { RunBudget } from '../../runtime/budgets/run-budget.js';
import { markUntrusted } from '../../runtime/tool-gate/untrusted-results.js';

/** A completion comes in hundreds of pieces; whoever hears it again needs but one. */
const joined = (a: ModelEvent, b: ModelEvent): ModelEvent | undefined =>
  a.type === 'text' && b.type === 'text' ? { type: 'text', text: a.text + b.text } : undefined;

interface Loan {
  /** Whose turn it is, for messages. */
  who: string;
  /** Which agent of the run borrows it. */
  borrower: string;
  budget: RunBudget;
  journal: RunJournal;
  approvals: RunApprovals;
  conversationId: string;
  isExternal(toolName: string): boolean;
}

/**
 * A model as engines get it: each completion is a turn of the budget, results of tools go out marked as data, and a run
 * that goes on after a pause hears what it has heard before.
 */
export class LentModel implements ModelClient {
  constructor(
    private readonly client: ModelClient,
    private readonly loan: Loan,
  ) {}

  get config(): ModelClient['config'] {
    return this.client.config;
  }

  complete(request: CompletionRequest, signal: AbortSignal): AsyncIterable<ModelEvent> {
    const { who, borrower, budget, journal, approvals, conversationId, isExternal } = this.loan;
    budget.spendTurn(who);
    checkPrompt(request.messages, `model '${this.config.namespace}/${this.config.name}'`);
    const last = request.messages.at(-1);
    const key = journal.nextKey('completion', borrower, last?.role ?? '', last?.content ?? '');
    const ask = () => {
      const messages = markUntrusted(request.messages, conversationId, isExternal);
      return this.client.complete({ ...request, messages }, signal);
    };
    return approvals.duringStream(journal.streamedOnce(key, ask, joined));
  }
}
