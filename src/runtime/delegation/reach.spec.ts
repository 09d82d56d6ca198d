import { describe, expect, it } from '@jest/globals';
import { agent } from '../../../test/harness/manifests.js';
import { MemoryObjects } from '../../../test/harness/memory-objects.js';
import { reaches } from './reach.js';

const team = (name: string, members: string[], selector?: string) => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Team',
  metadata: { name },
  spec: {
    strategy: 'sequential',
    members: members.map((member) => ({ type: /^t\d/.test(member) ? 'team' : 'agent', name: member })),
    ...(selector ? { selector: { agent: selector } } : {}),
  },
});
const tool = (name: string, spec: object) => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Tool',
  metadata: { name },
  spec,
});

describe('an agent', () => {
  const objects = new MemoryObjects().put(
    team('t1', ['a', 't2'], 'chooser'),
    team('t2', ['b', 't1']),
    agent('b', { tools: [{ type: 'agent', name: 'alias', partial: { name: 'ask-c' } }] }),
    tool('ask-c', { type: 'agent', agent: { name: 'c' } }),
    agent('c', { tools: [{ type: 'team', name: 'ask-t3' }] }),
    tool('ask-t3', { type: 'team', team: { name: 't3' } }),
    team('t3', ['d']),
    agent('e', {}),
  );
  const from = (type: 'agent' | 'team' | 'tool', name: string, who: string) =>
    reaches([{ type, name }], who, 'default', objects);

  it.each(['a', 'chooser', 'b', 'c', 'd'])('%s is reached through members, choosers and tools', async (name) => {
    expect(await from('team', 't1', name)).toBe(true);
  });

  it('is not reached by those that do not lead to it, circles or not', async () => {
    expect(await from('team', 't1', 'e')).toBe(false);
    expect(await from('team', 'gone', 'a')).toBe(false);
    expect(await from('agent', 'c', 'a')).toBe(false);
    expect(await from('tool', 'ask-c', 'd')).toBe(true);
  });
});
