import { apiVersionOf } from '../../../../kit/resource/resource.js';
import type { ServedKind } from '../../catalogue.js';
import type { ApiGroup } from './api-groups.js';
import { subresourcesOf } from './subresources.js';

/** `GET /`: what there is to ask. */
export function rootPaths(groups: ApiGroup[]): object {
  const named = groups.flatMap(({ name, versions }) =>
    name === ''
      ? versions.map(({ version }) => `/api/${version}`)
      : [`/apis/${name}`, ...versions.map(({ version }) => `/apis/${name}/${version}`)],
  );
  return {
    paths: [
      '/api',
      '/apis',
      ...named,
      '/healthz',
      '/livez',
      '/openapi/v2',
      '/openapi/v3',
      '/readyz',
      '/version',
    ].sort(),
  };
}

/** `GET /api` for clients that read discovery one document at a time. */
export function apiVersions(address: string): object {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
  };
}

/** `GET /apis`. */
export function groupList(groups: ApiGroup[]): object {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.filter((group) => group.name).map(groupBody) };
}

/** `GET /apis/{group}`. */
export function groupDocument(group: ApiGroup): object {
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupBody(group) };
}

function groupBody(group: ApiGroup) {
  const versions = group.versions.map(({ version }) => ({ groupVersion: `${group.name}/${version}`, version }));
  return { name: group.name, versions, preferredVersion: versions[0] };
}

/** `GET /apis/{group}/{version}` and `GET /api/v1`. */
export function resourceList(group: string, version: string, kinds: ServedKind[]): object {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf({ group, version }),
    resources: kinds.flatMap(resources),
  };
}

function resources(served: ServedKind): object[] {
  const { plural, kind, namespaced } = served.type;
  return [
    {
      name: plural,
      singularName: served.singular,
      namespaced,
      kind,
      verbs: served.verbs,
      ...names(served),
    },
    ...subresourcesOf(served).map(({ name, response, verbs }) => ({
      name: `${plural}/${name}`,
      singularName: '',
      namespaced,
      ...(response.group === served.type.group ? {} : { group: response.group, version: response.version }),
      kind: response.kind,
      verbs,
    })),
  ];
}

/** Short names and categories, absent when there are none. */
export function names(served: ServedKind): { shortNames?: string[]; categories?: string[] } {
  return {
    ...(served.shortNames.length > 0 ? { shortNames: served.shortNames } : {}),
    ...(served.categories.length > 0 ? { categories: served.categories } : {}),
  };
}
