import { randomUUID } from 'node:crypto';
import { type Answer, REFERENCE, readAnswer } from '../answer.js';
import type { Dialect, Reply, Words } from '../dialect.js';
import { type ConformanceCase, type DefineCases, expects, plainQuery, type Trial } from '../trial.js';

interface Facts {
  tokenUsage?: Record<string, unknown>;
  conversationId?: unknown;
  messages?: unknown;
}

/** Sends a text for the Query of the trial and takes the answer, which must not be an error. */
async function ask(dialect: Dialect, trial: Trial, words: Partial<Words> = {}): Promise<Answer> {
  const message = { text: trial.question, messageId: randomUUID(), query: plainQuery(trial), ...words };
  return answerOf(await dialect.send(message, AbortSignal.timeout(trial.timeoutMs)));
}

function answerOf({ error, result }: Reply): Answer {
  expects(!error, `it answered the error ${String(error?.code)}: ${String(error?.message)}`);
  expects(result !== undefined, 'the answer has neither result nor error');
  return readAnswer(result);
}

const casesOf = (dialect: Dialect): ConformanceCase[] => [
  {
    title: `${dialect.name}: a message is answered with a Message of the agent, or a Task that is done`,
    level: 'must',
    run: async (trial) => {
      const answer = await ask(dialect, trial);
      const done = answer.kind === 'message' ? answer.role === 'agent' : answer.state === 'completed';
      expects(done, `it is a ${answer.kind}${answer.state ? ` in state ${answer.state}` : ` of role ${answer.role}`}`);
      expects(answer.text !== '', 'the answer has no text');
      if (answer.kind === 'message') expects(answer.messageId, 'the answer has no messageId');
    },
  },
  {
    title: `${dialect.name}: the answer is a Message, as Ark's own controller takes a Task for a pause`,
    level: 'should',
    run: async (trial) => expects((await ask(dialect, trial)).kind === 'message', 'it is a Task'),
  },
  {
    title: `${dialect.name}: the answer keeps the conversation of its question`,
    level: 'must',
    run: async (trial) => {
      const contextId = randomUUID();
      const answer = await ask(dialect, trial, { contextId });
      expects(answer.contextId === contextId, `contextId is ${answer.contextId}, and ${contextId} was sent`);
    },
  },
  {
    title: `${dialect.name}: questions at the same time are kept apart`,
    level: 'must',
    run: async (trial) => {
      const asked = Array.from({ length: 4 }, () => randomUUID());
      const answers = await Promise.all(asked.map((contextId) => ask(dialect, trial, { contextId })));
      const mixed = answers.filter((answer, index) => answer.contextId !== asked[index]);
      expects(mixed.length === 0, `${mixed.length} of ${asked.length} answers belong to another conversation`);
    },
  },
  {
    title: `${dialect.name}: facts beside the answer have the form that Ark reads`,
    level: 'must',
    run: async (trial) => {
      const { tokenUsage, messages, conversationId } = ((await ask(dialect, trial)).metadata[REFERENCE] ?? {}) as Facts;
      const counts = Object.values(tokenUsage ?? {});
      expects(
        counts.every((count) => typeof count === 'number'),
        'tokenUsage has something that is no number',
      );
      if (tokenUsage) expects('total_tokens' in tokenUsage, 'tokenUsage has no total_tokens');
      expects(messages === undefined || Array.isArray(messages), 'messages is no list');
      expects(conversationId === undefined || typeof conversationId === 'string', 'conversationId is no text');
    },
  },
];

const defineCases: DefineCases = ({ dialects }) => dialects.flatMap(casesOf);
export default defineCases;
