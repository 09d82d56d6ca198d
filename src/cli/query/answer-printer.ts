import { paint, type Terminal } from '../terminal.js';
import type { AnswerChunk } from './answer-stream.js';

/**
 * Puts an answer on stdout as it grows: the text verbatim, speakers and tool calls on stderr.
 *
 * At the end it makes stdout whole: the rest of the final text when the stream broke, a line break when one is missing.
 */
export class AnswerPrinter {
  private streamed = '';
  private speaker = '';
  private turn = 0;

  constructor(
    private readonly terminal: Terminal,
    private readonly options: { quiet: boolean },
  ) {}

  chunk(chunk: AnswerChunk): void {
    this.noteSpeaker(chunk);
    for (const { delta } of chunk.choices ?? []) {
      for (const call of delta?.tool_calls ?? []) {
        // What was said before a call is a paragraph of its own.
        if (this.streamed && !this.streamed.endsWith('\n')) this.write('\n');
        if (call.function?.name) this.note('magenta', `⚒ ${call.function.name}`);
      }
      if (delta?.content) this.write(delta.content);
    }
  }

  /** `content` is the final text as the Query has it. */
  finish(content: string): void {
    if (content.startsWith(this.streamed)) this.write(content.slice(this.streamed.length));
    if (this.streamed && !this.streamed.endsWith('\n')) this.terminal.out('\n');
  }

  /** Ends a half-written line before an error is printed. */
  breakOff(): void {
    if (this.streamed && !this.streamed.endsWith('\n')) this.terminal.out('\n');
  }

  private write(text: string): void {
    if (!text) return;
    this.terminal.out(text);
    this.streamed += text;
  }

  private noteSpeaker(chunk: AnswerChunk): void {
    const { agent: speaker, team, turn = 0 } = chunk.ark ?? {};
    if (!speaker || (speaker === this.speaker && turn === this.turn)) return;
    const first = this.speaker === '';
    this.speaker = speaker;
    this.turn = turn;
    if (!first && this.streamed && !this.streamed.endsWith('\n')) this.write('\n');
    if (team) this.note('green', `◆ ${team}/${speaker}`);
    else if (!first) this.note('cyan', `● ${speaker}`);
  }

  private note(colour: 'magenta' | 'green' | 'cyan', text: string): void {
    if (!this.options.quiet) this.terminal.err(`${paint(this.terminal, colour, text)}\n`);
  }
}
