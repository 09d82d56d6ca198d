import { setImmediate as tick } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { agent } from '../../../test/harness/manifests.js';
import { MemoryObjects } from '../../../test/harness/memory-objects.js';
import { canceled, type EngineEvent, invalid, type TeamStep, type TeamStrategy, unavailable } from '../../kit/index.js';
import { silentLogger } from '../../kit/testing/index.js';
import { RunJournal } from '../approval/run-journal.js';
import { RunBudget } from '../budgets/run-budget.js';
import { Floor } from '../delegation/floor.js';
import type { Said, Speaker, Turn } from '../delegation/participant.js';
import type { Ask, RunScope } from '../delegation/run-scope.js';
import { TeamRuns } from './team-runs.js';

const row: TeamStrategy = {
  next: ({ team, spoken }) => {
    const next = team.members[spoken.length % team.members.length]!;
    return { speak: [next] };
  },
};
const crowd: TeamStrategy = {
  next: ({ team, spoken }) => (spoken.length === 0 ? { speak: team.members } : { end: true }),
  turnsOf: ({ members }) => members.length,
};
const STRATEGIES: Record<string, TeamStrategy> = { row, crowd };

const manifest = (name: string, members: string[], spec: object = {}) => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Team',
  metadata: { name },
  spec: {
    strategy: 'row',
    members: members.map((member) => ({ type: member.startsWith('team-') ? 'team' : 'agent', name: member })),
    ...spec,
  },
});

const says = (name: string): Said => ({
  text: `I am ${name}`,
  messages: [{ role: 'assistant', content: `I am ${name}` }],
});
const speaks: Ask = async ({ name }) => says(name);

function house(ask: Ask = speaks, strategies = STRATEGIES) {
  const objects = new MemoryObjects().put(...['a', 'b', 'c'].map((name) => agent(name, {})));
  const runs = new TeamRuns(objects, { get: (name) => strategies[name], names: () => Object.keys(strategies) });
  const abort = new AbortController();
  const usage: number[] = [];
  const heard: string[] = [];
  const all: Ask = (who, turn, inner) =>
    who.type === 'team' ? runs.run(who.name, turn, inner) : ask(who, turn, inner);
  const scope = {
    journal: RunJournal.open(),
    ...{ path: [], logger: silentLogger, idempotencyKey: 'key', signal: abort.signal },
    query: { metadata: { name: 'q', namespace: 'default' } },
    deadline: new Date(Date.now() + 60_000),
    budget: new RunBudget(),
    floor: new Floor(abort.signal),
    onUsage: ({ totalTokens }: { totalTokens: number }) => usage.push(totalTokens),
    ask: all,
  } as unknown as RunScope;
  const onEvent = (event: EngineEvent, { team, agent }: Speaker) => {
    const words = event.type === 'text' ? event.text : event.type === 'message' ? event.message.content : event.type;
    heard.push(`${team}/${agent ?? ''}: ${words}`);
  };
  const turn: Turn = {
    input: 'Go',
    history: [{ role: 'user', content: 'Hi' }],
    transcript: [],
    conversationId: 'c',
    onEvent,
  };
  const run = (name = 't') => runs.run(name, turn, scope);
  return { objects, run, abort, usage, heard };
}

const texts = ({ messages }: Said) => messages.map(({ role, name, content }) => `${name ?? role}: ${content}`);

describe('a team at work', () => {
  it('gives every member the request, the conversation before and what was said since', async () => {
    const turns: Turn[] = [];
    const scopes: RunScope[] = [];
    const { objects, run } = house(async ({ name }, turn, scope) => {
      turns.push(turn);
      scopes.push(scope);
      return says(name);
    });
    objects.put(manifest('t', ['a', 'b'], { maxTurns: 3 }));
    const { text } = await run();
    expect(text).toBe('I am a');
    expect(turns.map(({ input, history }) => [input, history.length])).toEqual(Array(3).fill(['Go', 1]));
    expect(turns[2]?.transcript).toEqual([
      { role: 'assistant', name: 'a', content: 'I am a' },
      { role: 'assistant', name: 'b', content: 'I am b' },
    ]);
    expect(scopes.map(({ idempotencyKey }) => idempotencyKey)).toEqual(['key:t:1', 'key:t:2', 'key:t:3']);
    expect(scopes[0]?.path).toEqual(['team t']);
  });

  it.each([1, 2, 7, 20])('ends after %d turns whatever the strategy wants, and says so', async (maxTurns) => {
    const { objects, run, heard } = house();
    objects.put(manifest('t', ['a', 'b', 'c'], { maxTurns }));
    const said = await run();
    expect(said.messages).toHaveLength(maxTurns + 1);
    expect(said.messages.at(-1)).toEqual({
      role: 'system',
      content: `Team t ended after ${maxTurns} turns: maxTurns is ${maxTurns}. The last turn was that of agent '${'abc'[(maxTurns - 1) % 3]}'.`,
    });
    expect(heard).toEqual([`t/: ${said.messages.at(-1)?.content}`]);
  });

  it('ends after 20 turns where nothing says when', async () => {
    const { objects, run } = house();
    objects.put(manifest('t', ['a']));
    expect((await run()).messages.at(-1)?.content).toBe(
      "Team t ended after 20 turns: the most where no maxTurns is set. The last turn was that of agent 'a'.",
    );
  });

  it('counts the tokens of everybody below, and takes no further turn once they are spent', async () => {
    const { objects, run, usage } = house(async ({ name }, _turn, scope) => {
      scope.onUsage({ promptTokens: 5, completionTokens: 5, totalTokens: 10 });
      return says(name);
    });
    objects.put(manifest('team-in', ['a', 'b'], { maxTurns: 2 }), manifest('t', ['team-in', 'c'], { maxTokens: 25 }));
    const said = await run();
    expect(usage).toEqual([10, 10, 10]);
    expect(said.messages.at(-1)?.content).toBe(
      "Team t ended: it has spent 30 tokens, and maxTokens is 25. The last turn was that of agent 'c'.",
    );
  });

  it('lets a team within speak with its own name, and hides why that one ended', async () => {
    const heardBy: Turn[] = [];
    const { objects, run } = house(async ({ name }, turn) => {
      heardBy.push(turn);
      return says(name);
    });
    objects.put(manifest('team-in', ['a', 'b'], { maxTurns: 2 }), manifest('t', ['team-in', 'c'], { maxTurns: 2 }));
    expect(texts(await run()).slice(0, 4)).toEqual([
      'team-in: I am a',
      'team-in: I am b',
      "system: Team team-in ended after 2 turns: maxTurns is 2. The last turn was that of agent 'b'.",
      'c: I am c',
    ]);
    expect(heardBy.at(-1)?.transcript.map(({ role }) => role)).toEqual(['assistant', 'assistant']);
  });

  it('ends with the words of a member that terminates; an outer team goes on', async () => {
    const { objects, run } = house(async ({ name }) => ({ ...says(name), terminated: name === 'a' }));
    objects.put(manifest('team-in', ['a', 'b']), manifest('t', ['team-in', 'b'], { maxTurns: 2 }));
    expect(texts(await run())).toEqual([
      'team-in: I am a',
      'b: I am b',
      "system: Team t ended after 2 turns: maxTurns is 2. The last turn was that of agent 'b'.",
    ]);
  });
});

describe('members that speak side by side', () => {
  it('are sixteen at once, are heard one after the other, and keep their order', async () => {
    let now = 0;
    let most = 0;
    const names = Array.from({ length: 100 }, (_, i) => `m${i}`);
    const { objects, run, heard } = house(async ({ name }, turn) => {
      now += 1;
      most = Math.max(most, now);
      // The later, the faster.
      for (let i = Number(name.slice(1)); i < 20; i++) await tick();
      turn.onEvent?.({ type: 'text', text: 'one' }, { team: 't', agent: name });
      await tick();
      turn.onEvent?.({ type: 'text', text: 'two' }, { team: 't', agent: name });
      now -= 1;
      return says(name);
    });
    objects.put(...names.map((name) => agent(name, {})), manifest('t', names, { strategy: 'crowd' }));
    const said = await run();
    expect(said.messages.map(({ name }) => name)).toEqual(names);
    expect(heard).toEqual(names.flatMap((name) => [`t/${name}: one`, `t/${name}: two`]));
    expect(most).toBe(16);
  });

  it('are stopped when one of them fails', async () => {
    const reasons: unknown[] = [];
    const { objects, run } = house(async ({ name }, _turn, { signal }) => {
      if (name === 'b') throw unavailable('no quota');
      return new Promise((_, fail) => {
        signal.addEventListener('abort', () => {
          reasons.push((signal.reason as Error).message);
          fail(signal.reason as Error);
        });
      });
    });
    objects.put(manifest('t', ['a', 'b', 'c'], { strategy: 'crowd' }));
    await expect(run()).rejects.toMatchObject({
      family: 'Unavailable',
      message: "team 'default/t', turn 2: agent 'b' failed: no quota",
    });
    expect(reasons).toEqual(Array(2).fill('another member of the team failed'));
  });
});

describe('a team that cannot go on', () => {
  const forever: Ask = () => new Promise(() => {});

  it('says which member failed at which turn, through every team above', async () => {
    const { objects, run } = house(async ({ name }) => {
      if (name === 'b') throw invalid('no answer', { reason: 'TooManyTurns' });
      return says(name);
    });
    objects.put(manifest('team-in', ['a', 'b']), manifest('t', ['c', 'team-in']));
    await expect(run()).rejects.toMatchObject({
      reason: 'TooManyTurns',
      message:
        "team 'default/t', turn 2: team 'team-in' failed: team 'default/team-in', turn 2: agent 'b' failed: no answer",
    });
  });

  it('leaves members that do not listen behind, on cancel and at its own timeout', async () => {
    const { objects, run, abort } = house(forever);
    objects.put(manifest('t', ['a']), manifest('hasty', ['a'], { timeout: '20ms' }));
    const running = run();
    await expect(run('hasty')).rejects.toMatchObject({
      family: 'Timeout',
      message:
        "spec.timeout of team 'default/hasty': it did not answer within 0.02 seconds; waited for team 'default/hasty', turn 1: agent 'a'",
    });
    abort.abort(canceled('the query was canceled'));
    await expect(running).rejects.toMatchObject({ family: 'Canceled', message: 'the query was canceled' });
  });

  it('tells its members to stop', async () => {
    const stopped = Promise.withResolvers<void>();
    const { objects, run } = house((_who, _turn, { signal }) => {
      signal.addEventListener('abort', () => stopped.resolve());
      return new Promise(() => {});
    });
    objects.put(manifest('t', ['a'], { timeout: '20ms' }));
    await expect(run()).rejects.toThrow(/spec\.timeout/);
    await stopped.promise;
  });

  it.each<[string, object, RegExp]>([
    ['has no members', manifest('t', []), /team 'default\/t' has no members/],
    [
      'names an agent that is gone',
      manifest('t', ['a', 'ghost']),
      /team 'default\/t': Agent 'default\/ghost' does not/,
    ],
    [
      'names a team that is gone',
      manifest('t', ['team-x']),
      /team 'default\/t': Team 'default\/team-x' does not exist/,
    ],
    [
      'has an unknown strategy',
      manifest('t', ['a'], { strategy: 'debate' }),
      /'debate' is installed; installed: row, crowd/,
    ],
  ])('and %s says so before anybody speaks', async (_case, team, problem) => {
    const asked: string[] = [];
    const { objects, run } = house(async ({ name }) => {
      asked.push(name);
      return says(name);
    });
    objects.put(team as ReturnType<typeof manifest>);
    await expect(run()).rejects.toThrow(problem);
    expect(asked).toEqual([]);
  });

  it('in a circle says so before anybody speaks, however long the circle is', async () => {
    const { objects, run } = house();
    objects.put(
      manifest('team-1', ['a', 'team-2']),
      manifest('team-2', ['team-3']),
      manifest('team-3', ['a', 'team-1']),
    );
    await expect(run('team-1')).rejects.toThrow(
      "team 'default/team-3' cannot run: teams are members of each other in a circle (team-1 → team-2 → team-3 → team-1)",
    );
  });

  it('is looked at in no time, however often teams name each other', async () => {
    const { objects, run } = house();
    const floors = Array.from({ length: 40 }, (_, i) => manifest(`team-${i}`, Array(9).fill(`team-${i + 1}`)));
    objects.put(...floors, manifest('team-40', ['ghost']));
    await expect(run('team-0')).rejects.toThrow("team 'default/team-40': Agent 'default/ghost' does not exist");
    objects.put(manifest('team-40', ['a']));
    await expect(run('team-0')).rejects.toThrow(/8 agents and teams wait/);
  });

  it('is no deeper than agents may wait for each other', async () => {
    const { objects, run } = house();
    const depth = 12;
    const teams = Array.from({ length: depth }, (_, i) =>
      manifest(`team-${i}`, [i + 1 < depth ? `team-${i + 1}` : 'a']),
    );
    objects.put(...teams);
    await expect(run('team-0')).rejects.toMatchObject({
      family: 'Denied',
      message: expect.stringMatching(/8 agents and teams wait/),
    });
  });

  it.each<[string, (team: Parameters<TeamStrategy['next']>[0]) => TeamStep, RegExp]>([
    [
      'a stranger',
      () => ({ speak: [{ name: 'x', type: 'agent', description: '' }] }),
      /gave the floor to 'x', which is no member/,
    ],
    ['nobody', () => ({ speak: [] }), /gave the floor to nobody/],
  ])('because its strategy gives the floor to %s says so', async (_case, next, problem) => {
    const { objects, run } = house(speaks, { row: { next } });
    objects.put(manifest('t', ['a']));
    await expect(run()).rejects.toThrow(problem);
  });
});
