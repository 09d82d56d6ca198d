import {
  addUsage,
  type EngineEvent,
  type Message,
  type TokenUsage,
  type ToolCall,
  toolMessage,
} from '../../kit/index.js';
import { toChatMessage } from '../../runtime/conversation/chat-message.js';
import { type AnswerFacts, wireUsage } from '../query-extension.js';

/** What a run came to. */
export interface RunAnswer {
  readonly text: string;
  usage?: TokenUsage;
  facts(): AnswerFacts;
}

/** Gathers what an engine says into its answer. */
export class EngineAnswer implements RunAnswer {
  usage?: TokenUsage;
  private readonly messages: Message[] = [];
  /** Said since the last tool call. */
  private saying = '';
  /** The last words before that; the answer of an engine that says nothing afterwards. */
  private said = '';
  /** Calls of one turn, until the first of them is answered. */
  private calls: ToolCall[] = [];
  private words = '';

  constructor(private conversationId: string) {}

  get text(): string {
    return this.saying || this.said;
  }

  /** Takes an event in; returns the piece of text that it holds, if any. */
  add(event: EngineEvent): string {
    switch (event.type) {
      case 'text':
        this.saying += event.text;
        return event.text;
      case 'tool-call':
        this.called(event.call);
        break;
      case 'tool-result':
        this.closeTurn();
        this.messages.push(toolMessage(event.call, { ...event.result, images: [] }));
        break;
      case 'message':
        this.messages.push(event.message);
        break;
      case 'usage':
        this.usage = addUsage(this.usage, event.usage);
        break;
      case 'conversation':
        this.conversationId = event.conversationId;
    }
    return '';
  }

  facts(): AnswerFacts {
    return {
      ...wireUsage(this.usage),
      conversationId: this.conversationId,
      messages: this.transcript().map(toChatMessage),
    };
  }

  private called(call: ToolCall): void {
    if (this.calls.length === 0) this.words = this.saying;
    if (this.saying !== '') this.said = this.saying;
    this.saying = '';
    this.calls.push(call);
  }

  private closeTurn(): void {
    if (this.calls.length === 0) return;
    this.messages.push({ role: 'assistant', content: this.words, toolCalls: this.calls });
    this.calls = [];
    this.words = '';
  }

  /** The engine's own messages; the answer is the last of them, added when the engine only spoke it. */
  transcript(): Message[] {
    this.closeTurn();
    const last = this.messages.at(-1);
    const ends = last?.role === 'assistant' && (this.text === '' || last.content === this.text);
    return ends ? this.messages : [...this.messages, { role: 'assistant', content: this.text }];
  }
}
