import type { GivenAnswers } from '../../dispatch/given-answers.js';
import { type ExecutionContext, invalid } from '../../kit/index.js';
import type { OpenTask } from '../../runtime/approval/answer-needed.js';
import { askingKey, questionId } from '../../runtime/approval/question-id.js';
import type { RunScope } from '../../runtime/delegation/run-scope.js';

const LONGEST_QUESTION = 10_000;

/** Asks the person behind a Query for an engine, in a run that is repeated when the answer is there. */
export function personInput(
  answers: Pick<GivenAnswers, 'take'>,
  agent: OpenTask['agent'],
  scope: RunScope,
): ExecutionContext['requestInput'] {
  const { approvals, idempotencyKey, journal, path, query } = scope;
  return async (question) => {
    const text = question.trim();
    if (!text) throw invalid(`agent '${agent.namespace}/${agent.name}' asks for input without a question`);
    const key = journal.nextKey('input', idempotencyKey, ...path, agent.name, text);
    const asking = askingKey(key);
    const ask = async () => {
      const before = journal.recall<OpenTask>(asking);
      const reply = before && (await answers.take(query, before.askedAs ?? before.taskId));
      if (reply && reply !== 'open') return reply.text;
      const taskId = questionId([query.metadata.uid ?? '', key]);
      return approvals.answer(asking, { taskId, agent, text: text.slice(0, LONGEST_QUESTION) });
    };
    return approvals.during(() => journal.once(key, ask));
  };
}
