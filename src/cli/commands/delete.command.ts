import type { Command } from 'commander';
import type { ClusterOptions } from '../cluster/cluster.js';
import type { CliContext } from '../context.js';
import { UsageError } from '../exit-code.js';
import { addConnectionFlags } from '../query/query-flags.js';

export interface DeleteFlags extends ClusterOptions {
  filename?: string[];
  recursive?: boolean;
  all?: boolean;
  ignoreNotFound?: boolean;
}

export default function define(program: Command, context: CliContext): void {
  const command = program
    .command('delete [kind] [names...]')
    .description('delete objects by name, or everything a manifest names')
    .option('-f, --filename <path...>', 'file or folder with YAML or JSON; - is stdin')
    .option('-R, --recursive', 'the folders below a folder too')
    .option('--all', 'every object of the kind in the namespace')
    .option('--ignore-not-found', 'an absent object is fine')
    .action((kind: string | undefined, names: string[], flags: DeleteFlags) => act(kind, names, flags, context));
  addConnectionFlags(command);
}

async function act(kind: string | undefined, names: string[], flags: DeleteFlags, context: CliContext): Promise<void> {
  const ways = [names.length > 0 || kind?.includes('/'), flags.all, flags.filename !== undefined].filter(Boolean);
  if (ways.length !== 1 || (flags.filename === undefined) !== (kind !== undefined)) {
    throw new UsageError('Say what to delete: KIND NAME, KIND --all, or -f FILE.');
  }
  const [{ deleteNamed, deleteManifests }, { openCluster }] = await Promise.all([
    import('../manifest/delete-objects.js'),
    import('../cluster/cluster.js'),
  ]);
  const cluster = await openCluster(context.terminal, flags);
  context.location = cluster.location;
  try {
    const named = kind === undefined ? undefined : { kind, names };
    context.exitCode = named
      ? await deleteNamed(cluster, named.kind, named.names, flags, context)
      : await deleteManifests(cluster, flags.filename ?? [], flags, context);
  } finally {
    cluster.close();
  }
}
