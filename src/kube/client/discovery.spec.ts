import { describe, expect, it } from '@jest/globals';
import { findByApiVersion, findKind, type OfferedKind } from './discovery.js';

const kind = (group: string, name: string, plural: string, ...names: string[]): OfferedKind => ({
  group,
  version: 'v1',
  kind: name,
  plural,
  namespaced: true,
  names: [plural, name.toLowerCase(), ...names],
});
const kinds = [
  kind('other.io', 'Agent', 'agents'),
  kind('ark.io', 'Agent', 'agents', 'ag'),
  kind('ark.io', 'Query', 'queries'),
  kind('', 'ConfigMap', 'configmaps', 'cm'),
];

describe('finding a kind', () => {
  it.each(['agents', 'agent', 'Agent', 'ag'])('by the word %s prefers the own group', (word) => {
    expect(findKind(kinds, word, 'ark.io').group).toBe('ark.io');
  });

  it('by plural and group takes exactly that one', () => {
    expect(findKind(kinds, 'agents.other.io', 'ark.io').group).toBe('other.io');
  });

  it('by short name works for other groups too', () => {
    expect(findKind(kinds, 'cm', 'ark.io').kind).toBe('ConfigMap');
  });

  it('says which kinds there are when there is none of that name', () => {
    expect(() => findKind(kinds, 'ghosts', 'ark.io')).toThrow(
      'The server has no kind "ghosts". Kinds of ark.io: agents, queries',
    );
  });

  it('by a manifest needs kind, group and version', () => {
    expect(findByApiVersion(kinds, 'ark.io/v1', 'Query')?.plural).toBe('queries');
    expect(findByApiVersion(kinds, 'v1', 'ConfigMap')?.plural).toBe('configmaps');
    expect(findByApiVersion(kinds, 'ark.io/v2', 'Query')).toBeUndefined();
  });
});
