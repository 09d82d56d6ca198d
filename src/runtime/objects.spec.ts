import { beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeObject, ObjectKey, ResourceType } from '../kit/index.js';
import type { ApiServer } from '../kube/api-server/api-server.js';
import { StatusError } from '../kube/api-server/status.js';
import type { ResourceCache } from '../kube/cache/resource-cache.js';
import { FakeCache } from '../machinery/controller/fakes/fake-cache.js';
import { Agent } from '../resources/agent/agent.resource.js';
import { Secret } from '../resources/core/secret.resource.js';
import { CachedObjects } from './objects.js';
import { PassingQueries } from './passing/passing-queries.js';

const KEY = { namespace: 'n', name: 'a' };
const agent: KubeObject = { apiVersion: 'ark.mckinsey.com/v1alpha1', kind: 'Agent', metadata: KEY };

describe('objects read while a Query runs', () => {
  let cache: FakeCache;
  let asked: string[];
  let objects: CachedObjects;
  beforeEach(() => {
    cache = new FakeCache();
    asked = [];
    const get = async ({ plural }: ResourceType, { name }: ObjectKey) => {
      asked.push(`${plural}/${name}`);
      throw new StatusError('NotFound', 'absent');
    };
    const server = { get } as unknown as ApiServer;
    objects = new CachedObjects(cache as unknown as ResourceCache, server, [Agent], new PassingQueries());
  });

  it('come from memory where their kind is followed', async () => {
    cache.informer<KubeObject>({ plural: 'agents' }).put(agent);
    expect(await objects.get(Agent, KEY)).toBe(agent);
    expect(await objects.seldom(Agent, KEY)).toBe(agent);
    expect(asked).toEqual([]);
  });

  it('are asked for when memory lacks them, unless they are absent as a rule', async () => {
    expect(await objects.get(Agent, KEY)).toBeUndefined();
    expect(asked).toEqual(['agents/a']);
    expect(await objects.seldom(Agent, KEY)).toBeUndefined();
    expect(asked).toEqual(['agents/a']);
  });

  it('are always asked for where nobody follows their kind', async () => {
    await objects.seldom(Secret, KEY);
    expect(asked).toEqual(['secrets/a']);
  });
});
