import { describe, expect, it } from '@jest/globals';
import { type KubeObject, keyText, type UntypedObject } from '../../kit/index.js';
import type { Admission } from '../../kube/api-server/admission.js';
import { agentAdmission } from '../agent/agent.admission.js';
import type { Agent } from '../agent/agent.resource.js';
import { modelAdmission } from '../model/model.admission.js';
import { queryAdmission } from '../query/query.admission.js';
import { teamAdmission } from '../team/team.admission.js';
import { DEFAULT_ADMISSION_POLICY } from './admission-policy.js';
import { toAdmission } from './admission-rules.js';

type Spec = Record<string, unknown>;
const object = (kind: string, name: string, spec: Spec, metadata: Spec = {}): UntypedObject =>
  structuredClone({
    apiVersion: 'ark.mckinsey.com/v1alpha1',
    kind,
    metadata: { name, namespace: kind === 'ArkConfig' ? undefined : 'ns', ...metadata },
    spec,
  });

/** A store of a few objects and the admission of one kind over it. */
class Desk {
  readonly warnings: string[] = [];
  constructor(
    private readonly admissions: Admission[],
    private readonly stored: UntypedObject[] = [],
  ) {}

  async admit(given: UntypedObject, old?: UntypedObject): Promise<string[]> {
    const admission = this.admissions.find((each) => each.type.kind === given.kind)!;
    const find = (kind: string, key: string) =>
      this.stored.find((each) => each.kind === kind && keyText(each.metadata) === key);
    const request = {
      operation: old ? ('UPDATE' as const) : ('CREATE' as const),
      object: given,
      oldObject: old,
      lookup: {
        get: async <T extends KubeObject>(type: { kind: string }, key: { namespace?: string; name: string }) =>
          find(type.kind, keyText(key)) as unknown as T | undefined,
      },
      warn: (text: string) => this.warnings.push(text),
    };
    await admission.mutate?.(request);
    const once = structuredClone(given);
    await admission.mutate?.(request);
    expect(given).toEqual(once);
    return (await admission.validate?.(request)) ?? [];
  }
}

const admissions = (policy = DEFAULT_ADMISSION_POLICY): Admission[] => [
  toAdmission(agentAdmission, policy),
  toAdmission(modelAdmission, policy),
  toAdmission(queryAdmission, policy),
  toAdmission(teamAdmission, policy),
];
const desk = (...stored: UntypedObject[]) => new Desk(admissions(), stored);
const a1 = object('Agent', 'a1', {});

describe('an Agent', () => {
  it('gets the default model unless an engine or an A2A server runs it', async () => {
    const plain = object('Agent', 'x', {});
    const engine = object('Agent', 'x', { executionEngine: { name: 'echo' } });
    const found = object('Agent', 'x', {}, { annotations: { 'ark.mckinsey.com/a2a-server-name': 's' } });
    for (const agent of [plain, engine, found]) expect(await desk().admit(agent)).toEqual([]);
    expect([plain, engine, found].map((agent) => (agent.spec as Agent['spec']).modelRef)).toEqual([
      { name: 'default' },
      undefined,
      undefined,
    ]);
  });

  it('with a tool of type custom is warned, until the tool is gone', async () => {
    const at = desk();
    const agent = object('Agent', 'x', { tools: [{ type: 'custom', name: 'search' }] });
    expect(await at.admit(agent)).toEqual([]);
    expect(at.warnings).toEqual([expect.stringContaining('"search" is deprecated')]);
    agent.spec = {};
    await at.admit(agent);
    expect(agent.metadata.annotations).toEqual({});
  });

  it('may skip the checks by a label', async () => {
    const labels = { 'ark.mckinsey.com/skip-webhook-validation': 'true' };
    expect(await desk().admit(object('Agent', 'x', { tools: [{ type: 'shell', name: 't' }] }, { labels }))).toEqual([]);
  });

  it('may use tool types that plugins bring', async () => {
    const agent = object('Agent', 'x', { tools: [{ type: 'shell', name: 't' }] });
    expect(await desk().admit(agent)).toEqual([
      expect.stringMatching(/^tool\[0\]: unknown type "shell"; known types: /),
    ]);
    const policy = { ...DEFAULT_ADMISSION_POLICY, toolTypes: ['shell'] };
    expect(await new Desk(admissions(policy)).admit(agent)).toEqual([]);
  });
});

describe('a Query', () => {
  const spec = { input: 'hi', target: { type: 'agent', name: 'a1' } };

  it('is kept for 720h, or as long as the ArkConfig says', async () => {
    const [first, second] = [object('Query', 'q', spec), object('Query', 'q', spec)];
    await desk(a1).admit(first);
    await desk(a1, object('ArkConfig', 'default', { queryTTL: '48h' })).admit(second);
    expect([first.spec, second.spec]).toEqual([
      { ...spec, ttl: '720h' },
      { ...spec, ttl: '48h' },
    ]);
  });

  it('of type messages keeps its turns and is told what others will see', async () => {
    const at = desk(a1);
    const input = [{ role: 'user', content: 'x' }];
    const query = object('Query', 'q', { ...spec, type: 'messages', input });
    expect(await at.admit(query)).toEqual([]);
    expect(query.spec).toMatchObject({ type: 'messages', input });
    expect(at.warnings).toEqual([expect.stringContaining('last user message only')]);
  });

  it('must not select by what is no selector', async () => {
    const selector = { matchExpressions: [{ key: 'a', operator: 'Like', values: ['b'] }] };
    expect(await desk().admit(object('Query', 'q', { input: 'hi', selector }))).toEqual([
      expect.stringMatching(/^selector\.matchExpressions\[0\]: unknown operator "Like"; known operators: In, /),
    ]);
  });

  it('can still be changed after its target is gone', async () => {
    const at = desk();
    const old = object('Query', 'q', { ...spec, ttl: '1h' });
    expect(await at.admit(object('Query', 'q', { ...spec, ttl: '1h', cancel: true }), old)).toEqual([]);
    expect(at.warnings).toEqual([expect.stringContaining("agent 'a1', which does not exist")]);
    const other = object('Query', 'q', { ...spec, ttl: '1h', target: { type: 'team', name: 'ghost' } });
    expect(await at.admit(other, old)).toEqual([expect.stringContaining("team 'ghost'")]);
  });
});

describe('a Model', () => {
  const config = { azure: { baseUrl: { value: 'https://x.example.com' }, apiKey: { value: 'k' } } };

  it('in the old form names its provider, with a warning', async () => {
    const at = desk();
    const model = object('Model', 'm', { type: 'azure', model: { value: 'g' }, config });
    expect(await at.admit(model)).toEqual([]);
    expect(model.spec).toMatchObject({ provider: 'azure', type: 'completions' });
    expect(at.warnings).toEqual([expect.stringContaining('type "azure" is deprecated')]);
  });

  it('of azure proves itself in exactly one way', async () => {
    const azure = (auth: Spec) => ({ azure: { baseUrl: { value: 'https://x.example.com' }, ...auth } });
    const model = (auth: Spec) =>
      object('Model', 'm', { provider: 'azure', model: { value: 'g' }, config: azure(auth) });
    expect(await desk().admit(model({}))).toEqual([expect.stringContaining('one of auth and apiKey')]);
    expect(await desk().admit(model({ auth: {} }))).toEqual([expect.stringContaining('exactly one of')]);
    expect(await desk().admit(model({ auth: { managedIdentity: {} } }))).toEqual([]);
  });

  it('may point to a plain http host, with a warning', async () => {
    const at = desk();
    const openai = { baseUrl: { value: 'http://host.docker.internal:11434/v1' }, apiKey: {} };
    expect(
      await at.admit(object('Model', 'm', { provider: 'openai', model: { value: 'g' }, config: { openai } })),
    ).toEqual([]);
    expect(at.warnings).toEqual([expect.stringContaining('HTTPS is required')]);
  });
});

describe('a Team', () => {
  const members = [{ type: 'agent', name: 'a1' }];

  it('of the old strategies keeps its meaning', async () => {
    const bounded = object('Team', 't', { strategy: 'round-robin', maxTurns: 4, loops: false, members });
    const free = object('Team', 't', { strategy: 'round-robin', loops: false, members });
    const at = desk(a1);
    expect(await at.admit(bounded)).toEqual([]);
    expect(await at.admit(free)).toEqual([]);
    expect(bounded.spec).toEqual({ strategy: 'sequential', maxTurns: 4, loops: true, members });
    expect(free.spec).toEqual({ strategy: 'round-robin', loops: false, members });
    expect(at.warnings).toEqual([
      expect.stringContaining('"round-robin" is deprecated'),
      expect.stringContaining('"round-robin" is deprecated'),
      expect.stringContaining('stops after 20 turns'),
    ]);
  });

  it.each([
    [[{ type: 'agent', name: 'ghost' }], /members\[0\]: agent "ghost" does not exist/],
    [[{ type: 'team', name: 't' }], /cannot be its own member/],
  ])('of %j is refused', async (team, problem) => {
    const spec = { strategy: 'sequential', loops: false, members: team };
    expect(await desk(a1).admit(object('Team', 't', spec))).toEqual([expect.stringMatching(problem)]);
  });

  it('may mix agents of any engines', async () => {
    const e1 = object('Agent', 'e1', { executionEngine: { name: 'x' } });
    const mixed = [...members, { type: 'agent', name: 'e1' }];
    const spec = { strategy: 'sequential', loops: false, members: mixed };
    expect(await desk(a1, e1).admit(object('Team', 't', spec))).toEqual([]);
  });

  it('may have a strategy that a plugin brings', async () => {
    const team = object('Team', 't', { strategy: 'debate', loops: false, members });
    expect(await desk(a1).admit(team)).toEqual([
      expect.stringMatching(/^unknown strategy "debate"; known strategies: /),
    ]);
    const policy = { ...DEFAULT_ADMISSION_POLICY, teamStrategies: ['debate'] };
    expect(await new Desk(admissions(policy), [a1]).admit(team)).toEqual([]);
  });
});
