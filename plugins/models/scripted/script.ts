import { setTimeout as wait } from 'node:timers/promises';
import { invalid, type Message, type ModelEvent, ProcessorLimit, type TokenUsage } from 'nest-ark';

/** What one match may take of the processor. */
const MATCH_MS = 100;

interface Line {
  match?: string;
  afterTool?: string;
  answer?: string;
  toolCalls?: { name: string; arguments?: Record<string, unknown> }[];
  delayMs?: number;
  usage?: { promptTokens: number; completionTokens: number };
}

/** Finds the answer to a conversation: the first line that matches the last user message. */
export class Script {
  private readonly lines: { line: Line; matches: (said: string, result: string | undefined) => boolean }[];

  /** @param subject names the script in messages */
  constructor(
    private readonly settings: { script: Line[]; default?: string },
    private readonly subject: string,
  ) {
    this.lines = settings.script.map((line, i) => {
      const said = matcher(line.match, `${subject}.script[${i}].match`);
      const result = matcher(line.afterTool, `${subject}.script[${i}].afterTool`);
      const early = line.afterTool === undefined && line.toolCalls !== undefined;
      // Asking for the same tool again for every result would never end; who wants that says afterTool.
      const fits = (text: string | undefined) =>
        text === undefined ? line.afterTool === undefined : !early && result(text);
      return { line, matches: (text, tool) => said(text) && fits(tool) };
    });
  }

  async *play(messages: Message[], signal: AbortSignal): AsyncIterable<ModelEvent> {
    signal.throwIfAborted();
    const said = messages.findLast((message) => message.role === 'user')?.content ?? '';
    const last = messages.at(-1);
    const result = last?.role === 'tool' ? last.content : undefined;
    const line = this.lineFor(said, result);
    if (line.delayMs) await wait(line.delayMs, undefined, { signal });
    for (const piece of answerOf(line, result).match(/\S+\s*|\s+/g) ?? []) {
      signal.throwIfAborted();
      yield { type: 'text', text: piece };
    }
    for (const [i, { name, arguments: args = {} }] of (line.toolCalls ?? []).entries()) {
      yield { type: 'tool-call', call: { id: `call-${messages.length}-${i}`, name, arguments: JSON.stringify(args) } };
    }
    yield { type: 'usage', usage: counted(line, messages) };
  }

  private lineFor(said: string, result: string | undefined): Line {
    const found = this.lines.find(({ matches }) => matches(said, result))?.line;
    if (found) return found;
    if (this.settings.default !== undefined) return { answer: this.settings.default };
    const excerpt = said.length > 80 ? `${said.slice(0, 80)}…` : said;
    throw invalid(`${this.subject} holds no answer to "${excerpt}": add a line that matches it, or a default`);
  }
}

/** `{result}` in an answer stands for what the last tool said. */
const answerOf = ({ answer = '' }: Line, result = ''): string => answer.replaceAll('{result}', () => result);

function matcher(match: string | undefined, subject: string): (said: string) => boolean {
  if (match === undefined) return () => true;
  const expression = /^\/(.+)\/([a-z]*)$/s.exec(match);
  if (!expression) return (said) => said.includes(match);
  try {
    const pattern = new RegExp(expression[1] ?? '', expression[2]?.replace(/[gy]/g, ''));
    const limit = new ProcessorLimit(MATCH_MS);
    return (said) => {
      const found = limit.run(() => pattern.test(said));
      if (found !== undefined) return found;
      throw invalid(`${subject} takes longer than ${MATCH_MS} ms on this text: write it without nested repetitions`);
    };
  } catch (error) {
    throw invalid(`${subject} is not a regular expression: ${(error as Error).message}`);
  }
}

/** What the line claims, else one token per word. */
function counted(line: Line, messages: Message[]): TokenUsage {
  const words = (value: string) => value.split(/\s+/).filter(Boolean).length;
  const promptTokens = line.usage?.promptTokens ?? messages.reduce((sum, message) => sum + words(message.content), 0);
  const completionTokens = line.usage?.completionTokens ?? words(line.answer ?? '');
  return { promptTokens, completionTokens, totalTokens: promptTokens + completionTokens };
}
