import { addUsage, type EngineEvent, type Message, type TokenUsage } from '../../kit/index.js';
import { toChatMessage } from '../../runtime/conversation/chat-message.js';
import { type AnswerFacts, wireUsage } from '../query-extension.js';

/** Gathers what an engine says into its answer. */
export class EngineAnswer {
  text = '';
  private usage?: TokenUsage;
  private readonly messages: Message[] = [];

  constructor(private conversationId: string) {}

  /** Takes an event in; returns the piece of the answer that it holds, if any. */
  add(event: EngineEvent): string {
    if (event.type === 'text') this.text += event.text;
    else if (event.type === 'message') this.messages.push(event.message);
    else if (event.type === 'usage') this.usage = addUsage(this.usage, event.usage);
    else this.conversationId = event.conversationId;
    return event.type === 'text' ? event.text : '';
  }

  facts(): AnswerFacts {
    const tokenUsage = wireUsage(this.usage);
    return {
      ...(tokenUsage ? { tokenUsage } : {}),
      conversationId: this.conversationId,
      messages: this.transcript().map(toChatMessage),
    };
  }

  /** The engine's own messages; the answer is the last of them, added when the engine only spoke it. */
  private transcript(): Message[] {
    const last = this.messages.at(-1);
    const ends = last?.role === 'assistant' && (this.text === '' || last.content === this.text);
    return ends ? this.messages : [...this.messages, { role: 'assistant', content: this.text }];
  }
}
