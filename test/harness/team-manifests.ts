import { agent } from './manifests.js';

type Spec = Record<string, unknown>;

/** Any object of the group's first version, in the namespace that it is applied to. */
export const ark = (kind: string, name: string, spec: Spec) => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind,
  metadata: { name },
  spec,
});

/** A Model that answers by lines of a script. */
export const scripted = (name: string, ...script: Spec[]) =>
  ark('Model', name, { provider: 'scripted', model: { value: 'script' }, config: { scripted: { script } } });

/** A Team; members are agents, and teams where they are written `team/NAME`. */
export const team = (name: string, strategy: string, members: string[], more: Spec = {}) =>
  ark('Team', name, {
    strategy,
    members: members.map((member) => {
      const [type, who] = member.includes('/') ? member.split('/') : ['agent', member];
      return { type, name: who };
    }),
    ...more,
  });

/** An agent with a model of the same name that always says the same. */
export const speaker = (name: string, answer: string, more: Spec = {}) => [
  scripted(name, { answer, usage: { promptTokens: 10, completionTokens: 1 }, ...more }),
  agent(name, { modelRef: { name }, description: `Says ${answer}` }),
];
