import { QUERY, TARGET_KINDS, type TargetType } from '../cluster/ark-kinds.js';
import { openCluster } from '../cluster/cluster.js';
import type { CliContext } from '../context.js';
import { printJson } from '../output/print.js';
import { checkOutput, showObjects } from '../output/show-objects.js';
import type { QueryFlags } from './query-flags.js';

/** The list behind a bare `ark agent`. As `fark` it is names only, and `-o json` an array, as scripts know it. */
export async function listTargets(type: TargetType | 'query', flags: QueryFlags, context: CliContext): Promise<void> {
  const output = flags.output === 'text' ? undefined : flags.output;
  checkOutput(output);
  const cluster = await openCluster(context.terminal, flags);
  context.location = cluster.location;
  const kind = type === 'query' ? QUERY : TARGET_KINDS[type];
  try {
    if (context.alias === 'ark') return await showObjects(cluster, kind, undefined, { output }, context.terminal);
    const objects = await cluster.client.list(kind, { namespace: cluster.namespace });
    const names = objects.map((object) => `${object.metadata.name}\n`).join('');
    context.terminal.out(output === 'json' ? printJson(objects) : names);
  } finally {
    cluster.close();
  }
}
