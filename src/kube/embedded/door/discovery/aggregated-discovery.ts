import type { ServedKind } from '../../catalogue.js';
import type { ApiGroup } from './api-groups.js';
import { names } from './plain-discovery.js';
import { subresourcesOf } from './subresources.js';

/** The content type of an aggregated document; clients compare it with what they asked for. */
export function aggregatedContentType(version: 'v2' | 'v2beta1'): string {
  return `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
}

/** All groups with all their kinds in one document: what kubectl asks for first. */
export function aggregatedDiscovery(groups: ApiGroup[], version: 'v2' | 'v2beta1'): object {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map((group) => ({
      metadata: group.name ? { name: group.name } : {},
      versions: group.versions.map(({ version, kinds }) => ({
        version,
        resources: kinds.map(resource),
        freshness: 'Current',
      })),
    })),
  };
}

function resource(served: ServedKind): object {
  const { group, version, kind, plural, namespaced } = served.type;
  const scope = namespaced ? 'Namespaced' : 'Cluster';
  const subresources = subresourcesOf(served).map(({ name, response, verbs }) => ({
    subresource: name,
    responseKind: response,
    verbs,
  }));
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope,
    singularResource: served.singular,
    verbs: served.verbs,
    ...names(served),
    ...(subresources.length > 0 ? { subresources } : {}),
  };
}
