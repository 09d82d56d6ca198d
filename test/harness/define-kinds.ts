import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { ClusterClient } from './cluster-client.js';
import { eventually } from './eventually.js';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

interface Definition {
  spec: { group: string; names: { plural: string }; versions: { name: string }[] };
}

/** Brings the kinds of `crds/` into a cluster, and waits until each is served. */
export async function defineKinds(client: ClusterClient): Promise<void> {
  const files = readdirSync('crds').filter((name) => name.endsWith('.yaml'));
  const definitions = files.map((file) => load(readFileSync(join('crds', file), 'utf8')) as Definition);
  await Promise.all(definitions.map((definition) => client.call('POST', DEFINITIONS, definition)));
  for (const { spec } of definitions) {
    const path = `/apis/${spec.group}/${spec.versions[0]?.name}/${spec.names.plural}?limit=1`;
    await eventually(() => client.call('GET', path), { within: 60_000 });
  }
}
