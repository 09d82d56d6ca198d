import { describe, expect, it } from '@jest/globals';
import { FlushedLog } from './flushed-log.js';

describe('the flushed log', () => {
  it('refuses everything after a flush that failed, although the next one would succeed', async () => {
    const answers = [undefined, new Error('ENOSPC'), undefined];
    const log = new FlushedLog({
      datasync: async () => {
        const answer = answers.shift();
        if (answer) throw answer;
      },
      close: async () => {},
    });
    await log.flush();
    const refusal = { family: 'Unavailable', message: expect.stringMatching(/cannot be flushed.*ENOSPC.*restart/) };
    await expect(log.flush()).rejects.toMatchObject(refusal);
    await expect(log.flush()).rejects.toMatchObject(refusal);
  });
});
