import { describe, expect, it } from '@jest/globals';
import { Agent } from '../../resources/agent/agent.resource.js';
import { Secret } from '../../resources/core/secret.resource.js';
import { Tool } from '../../resources/tool/tool.resource.js';
import { reconcilerPermissions } from './reconciler-permissions.js';
import { rulesOf } from './rules.js';

const ARK = 'ark.mckinsey.com';

describe('the rights of a reconciler', () => {
  it('are to follow what it declares, apply its status, and make and end what it owns', () => {
    const follows = [{ kind: Secret, references: () => [] }];
    expect(rulesOf(reconcilerPermissions({ name: 'agent-x', kind: Agent, follows, owns: [Tool] }))).toEqual([
      { apiGroups: [ARK], resources: ['agents'], verbs: ['list', 'watch'] },
      { apiGroups: [ARK], resources: ['agents/status'], verbs: ['patch'] },
      { apiGroups: [ARK], resources: ['tools'], verbs: ['create', 'delete', 'list', 'patch', 'watch'] },
      { apiGroups: [''], resources: ['secrets'], verbs: ['list', 'watch'] },
    ]);
  });

  it('hold another way to write the status instead of the usual one', () => {
    const needs = [{ kind: Agent, subresource: 'status' as const, verbs: ['update'] as const }];
    const rules = rulesOf(reconcilerPermissions({ name: 'agent-x', kind: Agent, needs }));
    expect(rules[1]).toEqual({ apiGroups: [ARK], resources: ['agents/status'], verbs: ['update'] });
  });
});

describe('rules', () => {
  it('join the verbs of a resource, and the resources with the same verbs, and nothing else', () => {
    const permission = (resource: string, ...verbs: ('get' | 'list')[]) => ({ group: 'g', resource, verbs });
    expect(
      rulesOf([
        permission('b', 'list'),
        permission('a', 'get'),
        permission('c', 'list', 'get'),
        permission('b', 'get'),
      ]),
    ).toEqual([
      { apiGroups: ['g'], resources: ['a'], verbs: ['get'] },
      { apiGroups: ['g'], resources: ['b', 'c'], verbs: ['get', 'list'] },
    ]);
  });
});
