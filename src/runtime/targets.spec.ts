import { describe, expect, it } from '@jest/globals';
import { agent, query } from '../../test/harness/manifests.js';
import { MemoryObjects } from '../../test/harness/memory-objects.js';
import type { Query } from '../resources/query/query.resource.js';
import { chooseTarget, resolveTargets } from './targets.js';

const labelled = (name: string, kind = 'Agent') => ({
  ...agent(name, {}),
  kind,
  metadata: { name, namespace: 'default', labels: { team: 'support' } },
});
const ask = (spec: Record<string, unknown>) => query('q', { input: 'x', ...spec }) as unknown as Query;
const selector = { matchLabels: { team: 'support' } };

describe('who answers a Query', () => {
  it('is everybody it names, in its order', async () => {
    const targets = [
      { type: 'agent', name: 'b' },
      { type: 'model', name: 'a' },
    ];
    expect(await resolveTargets(ask({ targets }), new MemoryObjects())).toEqual(targets);
  });

  it('is the first by name that its selector finds, agents before all others', async () => {
    const objects = new MemoryObjects().put(labelled('model', 'Model'), labelled('zoe'), labelled('adam'));
    expect(await resolveTargets(ask({ selector }), objects)).toEqual([{ type: 'agent', name: 'adam' }]);
  });

  it('is nobody when the selector is none, and the error says why', async () => {
    const broken = { matchExpressions: [{ key: 'a', operator: 'Like' }] };
    await expect(resolveTargets(ask({ selector: broken }), new MemoryObjects())).rejects.toMatchObject({
      family: 'Invalid',
      message: expect.stringContaining('spec.selector.matchExpressions[0]: unknown operator "Like"'),
    });
  });

  it('is nobody when the selector finds nothing, and the error says where it looked', async () => {
    await expect(resolveTargets(ask({ selector }), new MemoryObjects())).rejects.toMatchObject({
      family: 'NotFound',
      message: expect.stringContaining("in namespace 'default'"),
    });
  });

  it('is at most 64, in every spelling', async () => {
    const many = Array.from({ length: 65 }, (_, i) => ({ type: 'agent', name: `a${i}` }));
    for (const spelling of [{ target: many }, { targets: many }]) {
      await expect(resolveTargets(ask(spelling), new MemoryObjects())).rejects.toMatchObject({
        family: 'Invalid',
        message: 'query default/q names 65 targets, and at most 64 are allowed: spread them over several Queries',
      });
    }
    expect(await resolveTargets(ask({ target: many.slice(1) }), new MemoryObjects())).toHaveLength(64);
  });

  it.each([
    ['a text', 'weather'],
    ['nothing', null],
    ['no name', { type: 'agent' }],
  ])('is nobody who is %s', async (_what, entry) => {
    const target = [{ type: 'agent', name: 'a' }, entry];
    await expect(resolveTargets(ask({ target }), new MemoryObjects())).rejects.toThrow('target 2 is no answerer');
  });

  it('must be named somehow', async () => {
    await expect(resolveTargets(ask({}), new MemoryObjects())).rejects.toThrow('write spec.target or spec.selector');
  });

  it('cannot be somebody whom the Query does not name', async () => {
    const own = ask({ target: { type: 'agent', name: 'a' } });
    expect(await chooseTarget(own, undefined, new MemoryObjects())).toEqual({
      ...{ target: { type: 'agent', name: 'a' }, asked: false },
    });
    await expect(chooseTarget(own, { type: 'agent', name: 'admin' }, new MemoryObjects())).rejects.toThrow(
      'query q has no target agent/admin, and none of its targets leads there; its targets: agent/a',
    );
  });
});
