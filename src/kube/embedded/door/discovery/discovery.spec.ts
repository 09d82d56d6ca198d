import { describe, expect, it } from '@jest/globals';
import type { ServedKind } from '../../catalogue.js';
import { servedKind } from '../testing/served-kind.js';
import { aggregatedDiscovery } from './aggregated-discovery.js';
import { apiGroups, compareVersions } from './api-groups.js';
import { DocumentCache } from './document-cache.js';
import { groupList, resourceList } from './plain-discovery.js';

const agent = servedKind({ scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } });
const older = servedKind({ type: { ...agent.type, version: 'v1beta1' } });
const namespace = servedKind({
  type: { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false },
  shortNames: [],
  builtIn: true,
});
const catalogue = (kinds: ServedKind[], revision = 1) => ({
  kinds: () => kinds,
  find: () => undefined,
  revision: () => revision,
});
const groups = apiGroups(catalogue([older, agent, namespace]));

describe('versions of a group', () => {
  it('are ordered as Kubernetes orders them', () => {
    const versions = ['v1alpha1', 'foo', 'v2', 'v1', 'v1beta2', 'v10', 'v1beta1'];
    expect(versions.sort(compareVersions)).toEqual(['v10', 'v2', 'v1', 'v1beta2', 'v1beta1', 'v1alpha1', 'foo']);
  });
});

describe('discovery', () => {
  it('in one document has every kind with its subresources', () => {
    expect(aggregatedDiscovery(groups.slice(1), 'v2')).toMatchObject({
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
      items: [
        {
          metadata: { name: 'ex.io' },
          versions: [
            {
              version: 'v1',
              freshness: 'Current',
              resources: [
                {
                  resource: 'agents',
                  responseKind: { group: 'ex.io', version: 'v1', kind: 'Agent' },
                  scope: 'Namespaced',
                  singularResource: 'agent',
                  shortNames: ['ag'],
                  subresources: [
                    { subresource: 'status', responseKind: { kind: 'Agent' } },
                    { subresource: 'scale', responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' } },
                  ],
                },
              ],
            },
            { version: 'v1beta1' },
          ],
        },
      ],
    });
  });

  it('document by document leaves the core group out of the groups and prefers the stable version', () => {
    expect(groupList(groups)).toMatchObject({
      groups: [{ name: 'ex.io', preferredVersion: { groupVersion: 'ex.io/v1', version: 'v1' } }],
    });
  });

  it('of one version lists subresources as resources of their own', () => {
    const { resources } = resourceList('ex.io', 'v1', [agent]) as { resources: { name: string; group?: string }[] };
    expect(resources.map((resource) => [resource.name, resource.group])).toEqual([
      ['agents', undefined],
      ['agents/status', undefined],
      ['agents/scale', 'autoscaling'],
    ]);
  });
});

describe('a document of the catalogue', () => {
  it('is made once per revision and answered with 304 to a client that has it', () => {
    let revision = 1;
    let made = 0;
    const cache = new DocumentCache({ ...catalogue([]), revision: () => revision });
    const ask = (ifNoneMatch?: string) => cache.answer('x', () => ({ made: ++made }), { ifNoneMatch });
    const first = ask();
    expect([first.code, ask().body, made]).toEqual([200, first.body, 1]);
    expect(ask(first.headers!.etag).code).toBe(304);
    revision = 2;
    expect(ask(first.headers!.etag)).toMatchObject({ code: 200, body: '{"made":2}' });
  });
});
