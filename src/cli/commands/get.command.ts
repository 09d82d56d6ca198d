import type { Command } from 'commander';
import type { ClusterOptions } from '../cluster/cluster.js';
import type { CliContext } from '../context.js';
import { addConnectionFlags } from '../query/query-flags.js';

interface GetFlags extends ClusterOptions {
  output?: string;
  json?: boolean;
  allNamespaces?: boolean;
  selector?: string;
}

export default function define(program: Command, context: CliContext): void {
  const command = program
    .command('get <kind> [name]')
    .description('show objects of any kind the cluster has')
    .option('-o, --output <format>', 'table|wide|json|yaml|name|jsonpath=TEMPLATE')
    .option('-j, --json', 'short for -o json')
    .option('-A, --all-namespaces', 'in every namespace')
    .option('-l, --selector <labels>', 'only objects with these labels')
    .action((kind: string, name: string | undefined, flags: GetFlags) => act(kind, name, flags, context));
  addConnectionFlags(command);
}

async function act(kind: string, name: string | undefined, flags: GetFlags, context: CliContext): Promise<void> {
  const output = flags.json ? 'json' : flags.output;
  context.jsonErrors = output === 'json';
  const [{ openCluster }, { checkOutput, showObjects }] = await Promise.all([
    import('../cluster/cluster.js'),
    import('../output/show-objects.js'),
  ]);
  checkOutput(output);
  const cluster = await openCluster(context.terminal, flags);
  context.location = cluster.location;
  try {
    const [word = kind, nameInWord] = kind.split('/');
    const type = await cluster.kind(word);
    const options = { output, allNamespaces: flags.allNamespaces, labelSelector: flags.selector };
    await showObjects(cluster, type, name ?? nameInWord, options, context.terminal);
  } finally {
    cluster.close();
  }
}
