import type { Command } from 'commander';
import type { ClusterOptions } from '../cluster/cluster.js';
import type { CliContext } from '../context.js';
import { addConnectionFlags } from '../query/query-flags.js';

export interface ApplyFlags extends ClusterOptions {
  filename: string[];
  recursive?: boolean;
  forceConflicts?: boolean;
  dryRun?: boolean;
}

export default function define(program: Command, context: CliContext): void {
  const command = program
    .command('apply')
    .description('make the cluster have what a manifest says (server-side apply)')
    .requiredOption('-f, --filename <path...>', 'file or folder with YAML or JSON; - is stdin')
    .option('-R, --recursive', 'the folders below a folder too')
    .option('--force-conflicts', 'take over fields that somebody else manages')
    .option('--dry-run', 'let the server check, store nothing')
    .action((flags: ApplyFlags) => act(flags, context));
  addConnectionFlags(command);
}

async function act(flags: ApplyFlags, context: CliContext): Promise<void> {
  const [{ readManifests }, { applyAll }, { openCluster }] = await Promise.all([
    import('../manifest/read-manifests.js'),
    import('../manifest/apply-manifests.js'),
    import('../cluster/cluster.js'),
  ]);
  const manifests = await readManifests(flags.filename, context.terminal, flags);
  const cluster = await openCluster(context.terminal, flags);
  context.location = cluster.location;
  try {
    context.exitCode = await applyAll(cluster, manifests, flags, context);
  } finally {
    cluster.close();
  }
}
