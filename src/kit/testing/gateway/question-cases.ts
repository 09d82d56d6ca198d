import { notStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { refused, type Talk } from './conversation.js';
import type { HeardTask } from './speech.js';
import type { GatewayCase } from './task-cases.js';

const INVALID_PARAMS = -32602;

async function asked(talk: Talk, contextId?: string): Promise<HeardTask> {
  const { task, text } = await talk.send('Ask me.', { contextId });
  ok(task, `a question must be a task, not the message "${text}"`);
  strictEqual(task.state, 'input-required');
  ok(task.asks, 'the status must say what is asked');
  return task;
}

/** Only for trials with an agent that asks. */
const asking =
  (check: (talk: Talk) => Promise<void>): GatewayCase[1] =>
  async ({ asks }) =>
    asks && check(asks);

/** What A2A demands of a task that waits for an answer. */
export const QUESTION_CASES: GatewayCase[] = [
  [
    'asks in a task, and goes on in its context when it is answered by the task alone',
    asking(async (talk) => {
      const contextId = randomUUID();
      const task = await asked(talk, contextId);
      const answer = await talk.send('Rome', { taskId: task.id });
      ok(answer.text?.includes('Rome') || answer.task?.text.includes('Rome'), 'the answer was not heard');
      strictEqual(answer.ids?.contextId ?? answer.task?.contextId, contextId);
      const { task: ended } = await talk.say({ do: 'get', id: task.id });
      strictEqual(ended?.state, 'completed');
      strictEqual(ended?.contextId, contextId);
    }),
  ],
  [
    'takes no answer that names another context, and waits on',
    asking(async (talk) => {
      const { id, contextId } = await asked(talk);
      notStrictEqual(contextId, '');
      refused(await talk.send('Rome', { taskId: id, contextId: randomUUID() }), INVALID_PARAMS);
      strictEqual((await talk.say({ do: 'get', id })).task?.state, 'input-required');
      strictEqual((await talk.say({ do: 'cancel', id })).task?.state, 'canceled');
    }),
  ],
];
