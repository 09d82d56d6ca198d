import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { offeredDoors, unspokenText } from '../../kit/a2a/offered-doors.js';
import { unavailable } from '../../kit/errors/ark-error.js';
import { type Answer, isTerminal, readAnswer } from '../conformance/answer.js';
import type { Dialect, Reply } from '../conformance/dialect.js';
import { unreachable } from '../conformance/wire.js';
import type { CliContext } from '../context.js';
import { parseDuration } from '../duration.js';
import { CommandFailure, ExitCode, UsageError } from '../exit-code.js';
import { printJson } from '../output/print.js';
import { type MeetingFlags, meetAgents, theAgent } from './foreign-agent.js';

const LOOK_MS = 500;
const WAITS = ['input-required', 'auth-required'];

export interface SendFlags extends MeetingFlags {
  output: string;
  agent?: string;
  stream?: boolean;
  contextId?: string;
}

/** Sends one message and prints the answer; the context id goes to stderr, to continue with. */
export async function sendMessage(
  address: string,
  text: string,
  flags: SendFlags,
  context: CliContext,
): Promise<ExitCode> {
  if (!['text', 'json'].includes(flags.output)) throw new UsageError(`Unknown output "${flags.output}": text or json.`);
  const timeoutMs = parseDuration(flags.timeout);
  const signal = AbortSignal.timeout(timeoutMs);
  const { card, dialects } = theAgent(await meetAgents(address, flags), flags.agent);
  const [dialect] = dialects;
  if (!dialect) throw unavailable(`Nobody here can speak to this agent: ${unspokenText(offeredDoors({ ...card }))}.`);
  const words = { text, messageId: randomUUID(), contextId: flags.contextId };
  try {
    const answer = flags.stream
      ? await streamed(
          dialect,
          words,
          signal,
          flags.output === 'text' ? (piece) => context.terminal.out(piece) : ignore,
        )
      : read(await dialect.send(words, signal));
    return tell(await ended(dialect, answer, signal), flags, context);
  } catch (error) {
    // What fails within an answer is no error of ours yet.
    if (!signal.aborted) throw (error as Error).name === 'TypeError' ? unreachable(address, error) : error;
    throw new CommandFailure(ExitCode.timeout, `No answer within ${flags.timeout}.`, 'Timeout');
  }
}

const ignore = () => undefined;

function read(reply: Reply): Answer {
  if (reply.error) {
    const { code, message } = reply.error;
    throw unavailable(`The agent answers with the error ${String(code)}: ${String(message)}`, { reason: 'A2AError' });
  }
  return readAnswer(reply.result);
}

/** Everything that was streamed, as one answer. */
async function streamed(
  dialect: Dialect,
  words: Parameters<Dialect['send']>[0],
  signal: AbortSignal,
  onText: (piece: string) => void,
): Promise<Answer> {
  let last: Answer | undefined;
  let said = '';
  const hear = (reply: Reply) => {
    const answer = read(reply);
    last = { ...last, ...answer, taskId: answer.taskId ?? last?.taskId, state: answer.state ?? last?.state };
    if (answer.text === '') return;
    const piece = answer.kind === 'status' ? `${answer.text}\n` : answer.text;
    said += piece;
    onText(piece);
  };
  const whole = await dialect.stream(words, signal, hear);
  if (whole) hear(whole);
  if (!last) throw unavailable('The stream ended before an answer came.');
  return { ...last, text: said };
}

/** The answer when it is final: a task that goes on is looked at until it ends. */
async function ended(dialect: Dialect, answer: Answer, signal: AbortSignal): Promise<Answer> {
  let latest = answer;
  while (latest.taskId && latest.state && !isTerminal(latest) && !WAITS.includes(latest.state)) {
    await pause(LOOK_MS, undefined, { signal });
    latest = read(await dialect.getTask(latest.taskId, signal));
  }
  return latest;
}

function tell(answer: Answer, flags: SendFlags, { terminal }: CliContext): ExitCode {
  const { state = 'completed', contextId, text } = answer;
  if (flags.output === 'json') terminal.out(printJson(answer));
  else terminal.out(flags.stream ? '\n' : `${text}\n`);
  if (contextId) terminal.err(`context id: ${contextId}\n`);
  if (WAITS.includes(state)) {
    terminal.err(`The agent waits for an answer; send it with --context-id ${contextId ?? ''}\n`);
    return ExitCode.needsPerson;
  }
  if (state === 'completed') return ExitCode.ok;
  throw new CommandFailure(ExitCode.failed, `The task ended as ${state}: ${text}`, 'TaskFailed', { state });
}
