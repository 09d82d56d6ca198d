import type { ResourceType } from '../../kit/resource/resource.js';

export const ARK_GROUP = 'ark.mckinsey.com';

const kind = (name: string, plural: string): ResourceType => ({
  group: ARK_GROUP,
  version: 'v1alpha1',
  kind: name,
  plural,
  namespaced: true,
});

/** The kinds whose names are verbs of the command line. Everything else is found by discovery. */
export const QUERY = kind('Query', 'queries');
export const A2A_TASK = kind('A2ATask', 'a2atasks');
export const TARGET_KINDS = {
  agent: kind('Agent', 'agents'),
  team: kind('Team', 'teams'),
  model: kind('Model', 'models'),
  tool: kind('Tool', 'tools'),
} as const;

export type TargetType = keyof typeof TARGET_KINDS;

export const TARGET_TYPES = Object.keys(TARGET_KINDS) as TargetType[];

export const CORE_EVENT: ResourceType = {
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
};
