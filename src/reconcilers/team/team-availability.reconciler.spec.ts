import { beforeEach, describe, expect, it } from '@jest/globals';
import { type KubeObject, reconcilers, type TeamStrategies } from '../../kit/index.js';
import { Team, type TeamSpec } from '../../resources/team/team.resource.js';
import { FakeContext } from '../fake-context.js';
import { TeamAvailabilityReconciler } from './team-availability.reconciler.js';

const NAMES = ['sequential', 'selector'];
const strategies: TeamStrategies = {
  get: (name) => (NAMES.includes(name) ? { next: () => ({ end: true }) } : undefined),
  names: () => NAMES,
};
const has = (kind: string, name: string, status?: 'True' | 'False', message = '') => {
  const type = kind === 'Model' ? 'ModelAvailable' : 'Available';
  const conditions = status ? [{ type, status, reason: 'R', message, lastTransitionTime: 't' }] : [];
  return {
    apiVersion: 'ark.mckinsey.com/v1alpha1',
    kind,
    metadata: { name, namespace: 'n' },
    spec: { members: [] },
    status: { conditions },
  } as KubeObject;
};
const agent = (name: string) => ({ type: 'agent' as const, name });
const inner = (name: string) => ({ type: 'team' as const, name });

describe('a team', () => {
  let context: FakeContext;
  const reconciler = new TeamAvailabilityReconciler(strategies, { isMine: (uid) => uid !== 'theirs' });
  const key = (name: string) => ({ namespace: 'n', name });
  const put = (spec: Partial<TeamSpec>, name = 't') => {
    const metadata = { name, namespace: 'n', generation: 1 };
    const before = context.get(Team, key(name))?.status;
    context.put({ ...has('Team', name), metadata, spec: { strategy: 'sequential', ...spec }, status: before } as Team);
  };
  const look = async (name = 't') => {
    await reconciler.reconcile(context.get(Team, key(name))!, context);
    return context.get(Team, key(name))?.status?.conditions;
  };
  beforeEach(() => {
    context = new FakeContext();
  });

  it('is available when all its members are, and its condition is the only one', async () => {
    context.put(has('Agent', 'a', 'True'));
    context.put(has('Team', 'below', 'True'));
    put({ members: [agent('a'), inner('below')] });
    expect(await look()).toEqual([
      {
        type: 'Available',
        status: 'True',
        reason: 'Available',
        message: 'All members are available',
        lastTransitionTime: '2026-01-01T00:00:00Z',
        observedGeneration: 1,
      },
    ]);
    expect(context.events).toMatchObject([{ type: 'Normal', reason: 'TeamCreated' }]);
  });

  it.each<[string, Partial<TeamSpec>, KubeObject[], string, RegExp]>([
    ['it has no members', { members: [] }, [], 'NoMembers', /list some in spec\.members/],
    [
      'an agent is missing',
      { members: [agent('a')] },
      [],
      'MemberNotFound',
      /Agent 'n\/a' does not exist; create it, or change spec\.members$/,
    ],
    [
      'a team is missing',
      { members: [inner('b')] },
      [],
      'MemberNotFound',
      /Team 'n\/b' does not exist; create it, or change spec\.members$/,
    ],
    [
      'an agent is not available',
      { members: [agent('a')] },
      [has('Agent', 'a', 'False', 'no model')],
      'MemberNotAvailable',
      /Agent 'n\/a' is not available: no model/,
    ],
    [
      'nobody knows yet',
      { members: [agent('a')] },
      [has('Agent', 'a')],
      'MemberNotAvailable',
      /'n\/a' is not available: nobody has looked at it yet$/,
    ],
    [
      'its chooser is missing',
      { strategy: 'selector', members: [agent('a')], selector: { agent: 'boss' } },
      [has('Agent', 'a', 'True')],
      'MemberNotFound',
      /Agent 'n\/boss' does not exist; create it, or change spec\.selector$/,
    ],
    [
      'the Model that chooses is not available',
      { strategy: 'selector', members: [agent('a')], selector: { model: 'm' } },
      [has('Agent', 'a', 'True'), has('Model', 'm', 'False')],
      'MemberNotAvailable',
      /Model 'n\/m'/,
    ],
    [
      'its strategy is not installed',
      { strategy: 'debate', members: [agent('a')] },
      [has('Agent', 'a', 'True')],
      'StrategyNotInstalled',
      /No team strategy 'debate' is installed; installed: sequential, selector/,
    ],
  ])('is not available when %s', async (_case, spec, others, reason, message) => {
    for (const other of others) context.put(other);
    put(spec);
    expect(await look()).toMatchObject([{ status: 'False', reason, message: expect.stringMatching(message) }]);
  });

  it('is not available in a circle, also when all of them were before', async () => {
    for (const [name, next] of [
      ['t', 'u'],
      ['u', 'v'],
      ['v', 't'],
    ] as const) {
      context.put(has('Team', name, 'True'));
      put({ members: [inner(next)] }, name);
    }
    for (const name of ['t', 'u', 'v']) {
      expect(await look(name)).toMatchObject([
        { reason: 'MemberNotAvailable', message: expect.stringMatching(/circle/) },
      ]);
    }
    expect((await look())?.[0]?.message).toContain('t → u → v → t');
    context.put(has('Agent', 'a', 'True'));
    put({ members: [agent('a')] }, 'v');
    for (const name of ['v', 'u', 't']) expect(await look(name)).toMatchObject([{ status: 'True' }]);
  });

  it('waits for the teams of a circle that it is no part of', async () => {
    for (const [name, next] of [
      ['u', 'v'],
      ['v', 'u'],
    ] as const)
      put({ members: [inner(next)] }, name);
    put({ members: [inner('u')] });
    expect(await look()).toMatchObject([
      { status: 'False', message: expect.stringMatching(/Team 'n\/u' is not available/) },
    ]);
  });

  it('tells a new cause under the same reason, for the generation it is about', async () => {
    put({ members: [agent('a')] });
    await look();
    context.put({ ...context.get(Team, key('t'))!, metadata: { name: 't', namespace: 'n', generation: 2 } });
    context.put({ ...context.get(Team, key('t'))!, spec: { strategy: 'sequential', members: [agent('b')] } });
    expect(await look()).toMatchObject([
      { reason: 'MemberNotFound', message: expect.stringContaining("'n/b'"), observedGeneration: 2 },
    ]);
  });

  it('is woken by its members, other teams and who chooses among them', () => {
    const follows = reconcilers.markOf(TeamAvailabilityReconciler)?.options.follows ?? [];
    const woken = (spec: TeamSpec) => {
      const team = { ...has('Team', 't'), spec } as Team;
      return follows.flatMap(({ kind, references }) => references(team).map(({ name }) => `${kind.name} ${name}`));
    };
    const members = [agent('a'), inner('b')];
    expect(woken({ strategy: 'selector', members, selector: { agent: 'boss' } })).toEqual([
      'Agent a',
      'Agent boss',
      'Team b',
    ]);
    expect(woken({ strategy: 'selector', members, selector: { model: 'm' } })).toEqual([
      'Agent a',
      'Team b',
      'Model m',
    ]);
  });

  it('is written once, and tells what changes', async () => {
    put({ members: [agent('a')] });
    await look();
    await look();
    expect(context.writes).toHaveLength(1);
    context.put(has('Agent', 'a', 'True'));
    await look();
    await look();
    expect(context.writes).toHaveLength(2);
    expect(context.events.map(({ reason }) => reason)).toEqual(['TeamCreated', 'StatusChanged']);
  });

  it('is left to the process whose duty it is', async () => {
    put({ members: [] });
    context.put({ ...context.get(Team, key('t'))!, metadata: { ...key('t'), uid: 'theirs' } });
    expect(await look()).toBeUndefined();
    expect([context.writes, context.events]).toEqual([[], []]);
  });
});
