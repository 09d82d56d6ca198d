import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { offeredDoors, unspokenText } from '../../kit/a2a/offered-doors.js';
import { isNetworkFailure } from '../../kit/egress/network-failure.js';
import { errorText, unavailable } from '../../kit/errors/ark-error.js';
import { type Answer, isTerminal, isWaiting, readAnswer } from '../conformance/answer.js';
import type { Dialect, Reply } from '../conformance/dialect.js';
import { unreachable } from '../conformance/wire.js';
import type { CliContext } from '../context.js';
import { parseDuration } from '../duration.js';
import { CommandFailure, ExitCode, UsageError } from '../exit-code.js';
import { printJson } from '../output/print.js';
import { type MeetingFlags, meetAgents, theAgent } from './foreign-agent.js';
import { HeardAnswer } from './heard-answer.js';

const LOOK_MS = 500;

export interface SendFlags extends MeetingFlags {
  output: string;
  agent?: string;
  stream?: boolean;
  contextId?: string;
  taskId?: string;
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
  const words = { text, messageId: randomUUID(), contextId: flags.contextId, taskId: flags.taskId };
  try {
    if (!flags.stream)
      return tell(await ended(dialect, read(await dialect.send(words, signal)), signal), flags, context);
    const heard = new HeardAnswer(flags.output === 'text' ? context.terminal : undefined);
    const whole = await dialect.stream(words, signal, (reply) => heard.add(read(reply)));
    if (whole) heard.add(read(whole));
    const answer = await ended(dialect, heard.answer(), signal);
    return tell(answer, flags, context, heard.said);
  } catch (error) {
    // What fails within an answer is no error of ours yet.
    if (!signal.aborted) throw isNetworkFailure(error) ? unreachable(address, error) : error;
    throw new CommandFailure(ExitCode.timeout, `No answer within ${flags.timeout}.`, 'Timeout');
  }
}

function read(reply: Reply): Answer {
  if (reply.error) {
    const { code, message } = reply.error;
    throw unavailable(`The agent answers with the error ${String(code)}: ${String(message)}`, { reason: 'A2AError' });
  }
  try {
    return readAnswer(reply.result);
  } catch (error) {
    const what = `The agent answers with what is no message and no task of A2A: ${errorText(error)}`;
    throw unavailable(what, { reason: 'A2AError', cause: error });
  }
}

/** The answer when it is final: a task that goes on is looked at until it ends. */
async function ended(dialect: Dialect, answer: Answer, signal: AbortSignal): Promise<Answer> {
  let latest = answer;
  while (latest.taskId && latest.state && !isTerminal(latest) && !isWaiting(latest)) {
    await pause(LOOK_MS, undefined, { signal });
    latest = read(await dialect.getTask(latest.taskId, signal));
  }
  return latest;
}

/** `said`: what was printed of the answer already. */
function tell(answer: Answer, flags: SendFlags, { terminal }: CliContext, said = ''): ExitCode {
  const { state = 'completed', contextId, taskId, text } = answer;
  if (flags.output === 'json') terminal.out(printJson(answer));
  else terminal.out(`${text.startsWith(said) ? text.slice(said.length) : `\n${text}`}\n`);
  if (contextId) terminal.err(`context id: ${contextId}\n`);
  if (isWaiting(answer)) {
    const ids = [...(taskId ? [`--task-id ${taskId}`] : []), ...(contextId ? [`--context-id ${contextId}`] : [])];
    terminal.err(`The agent waits for an answer; send it with ${ids.join(' ')}\n`);
    return ExitCode.needsPerson;
  }
  if (state === 'completed') return ExitCode.ok;
  throw new CommandFailure(ExitCode.failed, `The task ended as ${state}: ${text}`, 'TaskFailed', { state });
}
