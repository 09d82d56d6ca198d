import type { Command } from 'commander';
import type { ClusterOptions } from '../cluster/cluster.js';
import type { CliContext } from '../context.js';
import { addConnectionFlags } from '../query/query-flags.js';

export default function define(program: Command, context: CliContext): void {
  const command = program
    .command('answer <query> <text...>')
    .description('answer what a query asks, so that it goes on')
    .action(async (query: string, words: string[], flags: ClusterOptions) => {
      const [{ openCluster }, { answerQuery }] = await Promise.all([
        import('../cluster/cluster.js'),
        import('../query/answer-query.js'),
      ]);
      const cluster = await openCluster(context.terminal, flags);
      context.location = cluster.location;
      try {
        await answerQuery(cluster, query, words.join(' '), context);
      } finally {
        cluster.close();
      }
    });
  addConnectionFlags(command);
}
