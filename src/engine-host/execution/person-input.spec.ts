import { describe, expect, it } from '@jest/globals';
import { RunApprovals } from '../../runtime/approval/run-approvals.js';
import { RunJournal } from '../../runtime/approval/run-journal.js';
import type { RunScope } from '../../runtime/delegation/run-scope.js';
import { personInput } from './person-input.js';

const query = { metadata: { name: 'q', namespace: 'n', uid: 'u' } } as unknown as RunScope['query'];

/** Attempts at one run, which people answer in between. */
function house() {
  const stored = new Map<string, unknown>();
  const given = new Map<string, string>();
  const answers = {
    take: async (_: unknown, taskId: string) => {
      const text = given.get(taskId);
      given.delete(taskId);
      return text === undefined ? ('open' as const) : { text, id: '1' };
    },
  };
  /** What the questions were answered with, or why the run ended. */
  const attempt = async (...questions: string[]) => {
    const journal = RunJournal.open(new Map(stored), async (entries) => {
      for (const [key, value] of entries) stored.set(key, JSON.parse(value));
    });
    const ended = Promise.withResolvers<{ taskId: string; text: string }>();
    const approvals = new RunApprovals({
      query,
      objects: {} as never,
      journal,
      stop: (why) => ended.resolve(why as never),
    });
    const scope = { approvals, journal, query, idempotencyKey: 'key', path: [] } as unknown as RunScope;
    const ask = personInput(answers, { name: 'a', namespace: 'n' }, scope);
    const all = async () => {
      const heard: string[] = [];
      for (const question of questions) heard.push(await ask(question));
      return heard;
    };
    return Promise.race([all(), ended.promise]);
  };
  return { attempt, given };
}

describe('the input of a person', () => {
  it('ends the run with the question, and is there when the run is repeated', async () => {
    const { attempt, given } = house();
    const first = await attempt('Where?', 'When?');
    expect(first).toMatchObject({ text: "agent 'n/a' asks: Where?" });
    expect(await attempt('Where?', 'When?')).toMatchObject({ text: "agent 'n/a' asks: Where?" });
    given.set((first as { taskId: string }).taskId, 'Here');
    const second = await attempt('Where?', 'When?');
    expect(second).toMatchObject({ text: "agent 'n/a' asks: When?" });
    given.set((second as { taskId: string }).taskId, 'Now');
    expect(await attempt('Where?', 'When?')).toEqual(['Here', 'Now']);
  });

  it('may be asked for twice with the same words', async () => {
    const { attempt, given } = house();
    for (const said of ['yes', 'no']) {
      const asked = await attempt('Sure?', 'Sure?');
      given.set((asked as { taskId: string }).taskId, said);
    }
    expect(await attempt('Sure?', 'Sure?')).toEqual(['yes', 'no']);
  });

  it('is asked for in words', async () => {
    await expect(house().attempt(' ')).rejects.toThrow("agent 'n/a' asks for input without a question");
  });
});
