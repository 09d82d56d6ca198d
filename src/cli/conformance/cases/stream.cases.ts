import { randomUUID } from 'node:crypto';
import { type Answer, isTerminal, readAnswer } from '../answer.js';
import type { Dialect, Reply } from '../dialect.js';
import { type ConformanceCase, type DefineCases, expects, NotApplicable, plainQuery, type Trial } from '../trial.js';

/** Long enough that no engine has said it all before it hears of the cancellation. */
const LONG = 'word '.repeat(2_000);
const STOP_WITHIN_MS = 5_000;

const streams = ({ card }: Trial) => card?.capabilities?.streaming === true;

/** All events of one stream; throws for an answer that is no stream. */
async function listen(
  dialect: Dialect,
  trial: Trial,
  text: string,
  onEvent: (answer: Answer) => void = () => {},
): Promise<Answer[]> {
  const query = plainQuery(trial);
  if (!streams(trial)) throw new NotApplicable('the card does not say that it streams');
  const heard: Answer[] = [];
  const words = { text, messageId: randomUUID(), query };
  const refused = await dialect.stream(words, AbortSignal.timeout(trial.timeoutMs), (reply) => {
    const answer = answerOf(reply);
    heard.push(answer);
    onEvent(answer);
  });
  if (refused) throw new Error(`it answered without a stream: ${JSON.stringify(refused).slice(0, 120)}`);
  expects(heard.length > 0, 'the stream ended without an event');
  return heard;
}

function answerOf({ error, result }: Reply): Answer {
  expects(!error, `the stream says the error ${String(error?.code)}: ${String(error?.message)}`);
  return readAnswer(result);
}

const casesOf = (dialect: Dialect): ConformanceCase[] => [
  {
    title: `${dialect.name}: a stream begins with a Task or Message and ends when the answer is complete`,
    level: 'must',
    run: async (trial) => {
      const heard = await listen(dialect, trial, trial.question);
      expects(heard[0]?.kind === 'task' || heard[0]?.kind === 'message', `it begins with a ${heard[0]?.kind}`);
      const last = heard.at(-1) as Answer;
      if (last.kind !== 'message') expects(last.state === 'completed', `its last state is ${last.state ?? 'unknown'}`);
      expects(
        heard.some(({ text }) => text !== ''),
        'nothing was said',
      );
    },
  },
  {
    title: `${dialect.name}: no piece of a stream is empty`,
    level: 'should',
    run: async (trial) => {
      const pieces = (await listen(dialect, trial, trial.question)).filter(({ kind }) => kind === 'artifact');
      expects(pieces.length > 0, 'there are no artifact updates');
      const empty = pieces.slice(0, -1).filter(({ text }) => text === '');
      expects(empty.length === 0, `${empty.length} of ${pieces.length} pieces are empty`);
    },
  },
  {
    title: `${dialect.name}: a task that is canceled ends soon, without its whole answer`,
    level: 'must',
    run: (trial) => cancels(dialect, trial),
  },
  {
    title: `${dialect.name}: a stream that the card does not promise is refused`,
    level: 'should',
    run: async (trial) => {
      if (streams(trial)) throw new NotApplicable('the card promises streams');
      const words = { text: trial.question, messageId: randomUUID(), query: plainQuery(trial) };
      let error: Reply['error'];
      const refused = await dialect.stream(words, AbortSignal.timeout(trial.timeoutMs), (reply) => {
        error ??= reply.error;
      });
      expects(refused?.error ?? error, 'it streamed');
    },
  },
];

async function cancels(dialect: Dialect, trial: Trial): Promise<void> {
  let canceling: Promise<Reply> | undefined;
  let askedAt = 0;
  const heard = await listen(dialect, trial, LONG, (answer) => {
    if (!answer.taskId || canceling || isTerminal(answer)) return;
    askedAt = Date.now();
    canceling = dialect.cancel(answer.taskId, AbortSignal.timeout(STOP_WITHIN_MS));
    // Looked at below, when the stream has ended.
    canceling.catch(() => undefined);
  });
  if (!canceling) throw new NotApplicable('it answered without a task that could be canceled');
  expects(Date.now() - askedAt < STOP_WITHIN_MS, `the stream went on for more than ${STOP_WITHIN_MS / 1000} s`);
  const { error, result } = await canceling;
  const completed = heard.at(-1)?.state === 'completed';
  if (error && completed) throw new NotApplicable('it was faster than the cancellation');
  expects(!error, `canceling says the error ${String(error?.code)}: ${String(error?.message)}`);
  expects(readAnswer(result).state === 'canceled', `the state is ${readAnswer(result).state} after canceling`);
  expects(!completed, 'it said that it was canceled, and went on to its end');
}

const defineCases: DefineCases = ({ dialects }) => dialects.flatMap(casesOf);
export default defineCases;
