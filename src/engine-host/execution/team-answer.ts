import type { TokenUsage } from '../../kit/index.js';
import { toChatMessage } from '../../runtime/conversation/chat-message.js';
import type { Said } from '../../runtime/delegation/participant.js';
import { type AnswerFacts, wireUsage } from '../query-extension.js';
import type { RunAnswer } from './engine-answer.js';

/** What a team answers: the last words, or those its strategy put together; its transcript is everybody's. */
export class TeamAnswer implements RunAnswer {
  usage?: TokenUsage;

  constructor(
    private readonly said: Said,
    private readonly conversationId: string,
  ) {}

  get text(): string {
    return this.said.text;
  }

  facts(): AnswerFacts {
    const { conversationId } = this;
    return { ...wireUsage(this.usage), conversationId, messages: this.said.messages.map(toChatMessage) };
  }
}
