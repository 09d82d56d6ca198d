import { describe, expect, it } from '@jest/globals';
import { checkPrompt } from './prompt-limit.js';

describe('a prompt', () => {
  const messages = (size: number) => [{ content: 'x'.repeat(size / 2) }, { content: 'y'.repeat(size / 2) }];

  it('may be as long as any model reads, and no longer', () => {
    expect(() => checkPrompt(messages(16 << 20), "agent 'n/a'")).not.toThrow();
    expect(() => checkPrompt(messages((16 << 20) + 2), "agent 'n/a'")).toThrow(
      /^agent 'n\/a': the prompt has 17 million characters, more than any model reads/,
    );
  });
});
