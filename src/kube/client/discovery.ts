import { notFound } from '../../kit/errors/ark-error.js';
import type { ResourceType } from '../../kit/resource/resource.js';
import type { KubeClient } from './kube-client.js';

const AGGREGATED = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

/** A kind the server offers, under every name a person may use for it. */
export interface OfferedKind extends ResourceType {
  names: string[];
}

interface AggregatedResource {
  resource: string;
  responseKind?: { kind: string };
  scope: 'Namespaced' | 'Cluster';
  singularResource?: string;
  shortNames?: string[];
}

interface AggregatedGroups {
  items: {
    metadata: { name?: string };
    versions: { version: string; resources?: AggregatedResource[] }[];
  }[];
}

interface PlainGroups {
  groups?: { name: string; versions: { version: string }[] }[];
  versions?: string[];
}

interface PlainResources {
  resources: { name: string; kind: string; namespaced: boolean; singularName?: string; shortNames?: string[] }[];
}

/** Asks the server which kinds it has; two requests to a server that aggregates, one per group to an older one. */
export async function discover(client: KubeClient): Promise<OfferedKind[]> {
  const [groups, core] = await Promise.all(['/apis', '/api'].map((path) => readGroups(client, path)));
  return [...(groups ?? []), ...(core ?? [])];
}

/**
 * The kind a person means by `word`: plural, singular, kind, short name, or `plural.group`; letter case is free.
 * Kinds of `preferredGroup` win over namesakes elsewhere.
 */
export function findKind(kinds: OfferedKind[], word: string, preferredGroup: string): OfferedKind {
  const wanted = word.toLowerCase();
  const named = kinds.filter((kind) => kind.names.includes(wanted) || `${kind.plural}.${kind.group}` === wanted);
  const found = named.find((kind) => kind.group === preferredGroup) ?? named[0];
  if (found) return found;
  const known = kinds.filter((kind) => kind.group === preferredGroup).map((kind) => kind.plural);
  const offer = [...new Set(known)].join(', ') || 'none; are the CustomResourceDefinitions installed?';
  throw notFound(`The server has no kind "${word}". Kinds of ${preferredGroup}: ${offer}`);
}

/** The kind a manifest names, or undefined. */
export function findByApiVersion(kinds: OfferedKind[], apiVersion: string, kind: string): OfferedKind | undefined {
  return kinds.find(
    (one) => one.kind === kind && (one.group ? `${one.group}/${one.version}` : one.version) === apiVersion,
  );
}

async function readGroups(client: KubeClient, path: string): Promise<OfferedKind[]> {
  const answer = await client.json<AggregatedGroups | PlainGroups>({ method: 'GET', path, accept: AGGREGATED });
  if ('items' in answer) return aggregated(answer);
  const versions =
    answer.groups?.flatMap((group) => group.versions.map(({ version }) => ({ group: group.name, version }))) ??
    (answer.versions ?? []).map((version) => ({ group: '', version }));
  const lists = versions.map(async ({ group, version }) => {
    const list = await client.json<PlainResources>({
      method: 'GET',
      path: group ? `/apis/${group}/${version}` : `/api/${version}`,
    });
    return list.resources
      .filter((resource) => !resource.name.includes('/'))
      .map(({ name, kind, namespaced, singularName, shortNames }) =>
        offered({ group, version, kind, plural: name, namespaced }, singularName, shortNames),
      );
  });
  return (await Promise.all(lists)).flat();
}

function aggregated(answer: AggregatedGroups): OfferedKind[] {
  return answer.items.flatMap((group) =>
    group.versions.flatMap((version) =>
      (version.resources ?? []).flatMap((entry) => {
        const kind = entry.responseKind?.kind;
        if (!kind) return [];
        const namespaced = entry.scope === 'Namespaced';
        const type = {
          group: group.metadata.name ?? '',
          version: version.version,
          kind,
          plural: entry.resource,
          namespaced,
        };
        return [offered(type, entry.singularResource, entry.shortNames)];
      }),
    ),
  );
}

function offered(type: ResourceType, singular?: string, shortNames: string[] = []): OfferedKind {
  const names = [type.plural, type.kind.toLowerCase(), ...(singular ? [singular] : []), ...shortNames];
  return { ...type, names: [...new Set(names)] };
}
