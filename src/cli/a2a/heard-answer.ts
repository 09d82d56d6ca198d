import { unavailable } from '../../kit/errors/ark-error.js';
import { type Answer, isTerminal, isWaiting } from '../conformance/answer.js';
import type { Terminal } from '../terminal.js';

/** The events of a stream as one answer, shown while it comes. How far the work is goes to stderr: it is no answer. */
export class HeardAnswer {
  /** What was shown of the answer. */
  said = '';
  private last?: Answer;

  /** `terminal`: where it is shown; nowhere without. */
  constructor(private readonly terminal?: Pick<Terminal, 'out' | 'err'>) {}

  add(event: Answer): void {
    const { taskId, contextId, state } = { ...this.last };
    this.last = {
      ...event,
      taskId: event.taskId ?? taskId,
      contextId: event.contextId ?? contextId,
      state: event.state ?? state,
    };
    if (event.text === '') return;
    if (!event.ofStatus) this.say(event.text);
    else if (isWaiting(event)) this.say(this.said ? `\n${event.text}` : event.text);
    else if (!isTerminal(event)) this.terminal?.err(`${event.state ?? 'status'}: ${event.text}\n`);
    // Some say all they have to say with their last status, some repeat there that it is over.
    else if (event.state === 'completed' && !this.said) this.say(event.text);
  }

  /** @throws Unavailable when nothing was heard */
  answer(): Answer {
    if (!this.last) throw unavailable('The stream ended before an answer came.');
    // Why a task failed is no part of the answer, and has to be told.
    const isFailed = isTerminal(this.last) && this.last.state !== 'completed';
    return isFailed ? this.last : { ...this.last, text: this.said };
  }

  private say(piece: string): void {
    this.said += piece;
    this.terminal?.out(piece);
  }
}
