import { describe, expect, it } from '@jest/globals';
import type { KubeObject, ResourceType, UntypedObject } from '../../kit/index.js';
import { type Actor, ApiServer } from '../../kube/api-server/api-server.js';
import { StatusError } from '../../kube/api-server/status.js';
import { RecordingServer } from '../../machinery/controller/fakes/recording-server.js';
import type { Query } from '../../resources/query/query.resource.js';
import { ServerObjects } from '../objects.js';
import { AUTHOR_POLICY, authorPolicyBinding } from './author-policy.js';
import { QueryRights } from './query-rights.js';

const POLICY = 'query-authors';
const metadata = { name: POLICY, creationTimestamp: '2030-01-01T00:00:00Z' };
const policy = { metadata, spec: AUTHOR_POLICY };
const binding = { metadata, spec: authorPolicyBinding(POLICY) };

/** Holds a policy and its binding, and knows whom it was asked to be. */
class PolicyServer extends RecordingServer {
  readonly actors: Actor[] = [];

  constructor(private readonly stored: Record<string, unknown>) {
    super();
  }

  override as(actor?: Actor): this {
    if (actor) this.actors.push(actor);
    return this;
  }

  override async get<T extends KubeObject>({ plural }: ResourceType): Promise<T> {
    const found = this.stored[plural];
    if (!found) throw new StatusError('NotFound', 'absent');
    return found as T;
  }
}

const server = (validatingadmissionpolicies?: unknown, validatingadmissionpolicybindings?: unknown) =>
  new PolicyServer({ validatingadmissionpolicies, validatingadmissionpolicybindings });
const query = (serviceAccount: string | undefined, creationTimestamp = '2030-01-01T00:00:11Z') =>
  ({
    metadata: { name: 'q', namespace: 'team-a', creationTimestamp },
    spec: { serviceAccount },
  }) as unknown as Query;
const rights = (held: ApiServer) => new QueryRights(held, POLICY);

describe('a Query that names a service account', () => {
  it('has the rights of that account where its author was checked', async () => {
    const held = server(policy, binding);
    await rights(held).serverFor(query('runner'));
    expect(held.actors).toEqual([{ user: 'system:serviceaccount:team-a:runner' }]);
  });

  it('is refused where nobody checks authors', async () => {
    await expect(new QueryRights(server(policy, binding)).serverFor(query('runner'))).rejects.toThrow(
      "query 'team-a/q', spec.serviceAccount 'runner': nothing proves here that the author may use",
    );
    await expect(rights(server(undefined, binding)).serverFor(query('runner'))).rejects.toThrow('does not exist');
    await expect(rights(server(policy)).serverFor(query('runner'))).rejects.toThrow('does not exist');
  });

  it('is not told the name of another that is refused with it', async () => {
    const held = rights(server(undefined, binding));
    const told = await Promise.allSettled(['one', 'two'].map((name) => held.serverFor(query(name))));
    for (const [i, name] of ['one', 'two'].entries()) {
      expect(told[i]).toMatchObject({ reason: { message: expect.stringContaining(`'${name}'`) } });
    }
  });

  it('is refused when it is as old as the check, or older', async () => {
    const at = (time: string) => rights(server(policy, binding)).serverFor(query('runner', time));
    await expect(at('2030-01-01T00:00:10Z')).rejects.toThrow('create it anew');
    await expect(at('2029-12-31T00:00:00Z')).rejects.toThrow('create it anew');
    await expect(at('')).rejects.toThrow('create it anew');
  });

  it.each<[string, UntypedObject, UntypedObject]>([
    [
      'a policy that only warns',
      policy as never,
      { metadata, spec: { ...binding.spec, validationActions: ['Warn'] } } as never,
    ],
    [
      'a policy that ignores failures',
      { metadata, spec: { ...AUTHOR_POLICY, failurePolicy: 'Ignore' } } as never,
      binding as never,
    ],
    [
      'a policy for some namespaces',
      policy as never,
      {
        metadata,
        spec: { ...binding.spec, matchResources: { namespaceSelector: { matchLabels: { a: 'b' } } } },
      } as never,
    ],
    [
      'a policy with exceptions',
      { metadata, spec: { ...AUTHOR_POLICY, matchConditions: [{}] } } as never,
      binding as never,
    ],
    [
      'a policy that is going',
      { ...policy, metadata: { ...metadata, deletionTimestamp: 'x' } } as never,
      binding as never,
    ],
  ])('is refused under %s', async (_what, stored, bound) => {
    await expect(rights(server(stored, bound)).serverFor(query('runner'))).rejects.toThrow('upgrade its chart');
  });

  it.each(['runner:x', 'a b', '', 'Runner', '-'])('is refused for %j, which names none', async (name) => {
    await expect(rights(server(policy, binding)).serverFor(query(name))).rejects.toThrow('is not the name of');
  });

  it('makes every read a read of its account, and none for Queries that name none', async () => {
    const held = server(policy, binding);
    const objects = new ServerObjects(held, rights(held));
    expect(await objects.seenBy(query(undefined))).toBe(objects);
    const seen = await objects.seenBy(query('runner'));
    expect(seen).not.toBe(objects);
    expect(await seen.seenBy(query('runner'))).toBe(seen);
    await expect(new ServerObjects(held).seenBy(query('runner'))).rejects.toThrow('nothing proves');
  });
});
