import { setTimeout as wait } from 'node:timers/promises';
import { invalid, type Message, type ModelEvent, type TokenUsage } from 'nest-ark';

interface Line {
  match?: string;
  answer: string;
  delayMs?: number;
  usage?: { promptTokens: number; completionTokens: number };
}

/** Finds the answer to a conversation: the first line that matches the last user message. */
export class Script {
  private readonly lines: { line: Line; matches: (said: string) => boolean }[];

  /** @param subject names the script in messages */
  constructor(
    private readonly settings: { script: Line[]; default?: string },
    private readonly subject: string,
  ) {
    this.lines = settings.script.map((line, i) => ({ line, matches: matcher(line.match, `${subject}.script[${i}]`) }));
  }

  async *play(messages: Message[], signal: AbortSignal): AsyncIterable<ModelEvent> {
    signal.throwIfAborted();
    const said = messages.findLast((message) => message.role === 'user')?.content ?? '';
    const line = this.lineFor(said);
    if (line.delayMs) await wait(line.delayMs, undefined, { signal });
    for (const piece of line.answer.match(/\S+\s*|\s+/g) ?? []) {
      signal.throwIfAborted();
      yield { type: 'text', text: piece };
    }
    yield { type: 'usage', usage: counted(line, messages) };
  }

  private lineFor(said: string): Line {
    const found = this.lines.find(({ matches }) => matches(said))?.line;
    if (found) return found;
    if (this.settings.default !== undefined) return { answer: this.settings.default };
    const excerpt = said.length > 80 ? `${said.slice(0, 80)}…` : said;
    throw invalid(`${this.subject} holds no answer to "${excerpt}": add a line that matches it, or a default`);
  }
}

function matcher(match: string | undefined, subject: string): (said: string) => boolean {
  if (match === undefined) return () => true;
  const expression = /^\/(.+)\/([a-z]*)$/s.exec(match);
  if (!expression) return (said) => said.includes(match);
  try {
    const pattern = new RegExp(expression[1] ?? '', expression[2]?.replace(/[gy]/g, ''));
    return (said) => pattern.test(said);
  } catch (error) {
    throw invalid(`${subject}.match is not a regular expression: ${(error as Error).message}`);
  }
}

/** What the line claims, else one token per word. */
function counted(line: Line, messages: Message[]): TokenUsage {
  const words = (value: string) => value.split(/\s+/).filter(Boolean).length;
  const promptTokens = line.usage?.promptTokens ?? messages.reduce((sum, message) => sum + words(message.content), 0);
  const completionTokens = line.usage?.completionTokens ?? words(line.answer);
  return { promptTokens, completionTokens, totalTokens: promptTokens + completionTokens };
}
