import { invalid, type Message } from '../../kit/index.js';

/** Characters of text for one completion: several times what the most patient model reads. */
export const LONGEST_PROMPT = 16 << 20;

/** @throws `Invalid` when a model would be sent more than any model reads; pictures are bounded where they come from */
export function checkPrompt(messages: readonly Pick<Message, 'content'>[], whose: string): void {
  const length = messages.reduce((sum, { content }) => sum + content.length, 0);
  if (length <= LONGEST_PROMPT) return;
  throw invalid(
    `${whose}: the prompt has ${Math.ceil(length / 2 ** 20)} million characters, more than any model reads: ` +
      'begin a new conversation, or ask with less',
  );
}
