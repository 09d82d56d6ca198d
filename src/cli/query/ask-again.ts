import { QUERY } from '../cluster/ark-kinds.js';
import { openCluster } from '../cluster/cluster.js';
import type { CliContext } from '../context.js';
import type { ExitCode } from '../exit-code.js';
import { inputOf, type QueryFlags, runOptions, wishesOf } from './query-flags.js';
import { queryAgain } from './query-manifest.js';
import type { QueryObject } from './query-object.js';
import { runQuery } from './run-query.js';

/** Asks a stored Query again, as a new Query; `@latest` is the youngest one. */
export async function askAgain(
  name: string,
  words: string[],
  flags: QueryFlags,
  context: CliContext,
): Promise<ExitCode> {
  const options = runOptions(flags, context);
  const wishes = wishesOf(flags, context);
  const input = await inputOf(words, flags, context);
  const cluster = await openCluster(context.terminal, flags);
  context.location = cluster.location;
  try {
    const { client, namespace } = cluster;
    const storedName = name === '@latest' ? await latest(client, namespace) : name;
    const stored = await client.get<QueryObject>(QUERY, { name: storedName, namespace });
    const again = queryAgain(
      stored,
      { ...wishes, namespace, ...(input === undefined ? {} : { input }) },
      context.alias,
    );
    return await runQuery(cluster, again, options, context);
  } finally {
    cluster.close();
  }
}

async function latest(client: Awaited<ReturnType<typeof openCluster>>['client'], namespace: string): Promise<string> {
  const queries = await client.list(QUERY, { namespace });
  const byAge = queries.sort((a, b) =>
    (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? ''),
  );
  return byAge.at(-1)?.metadata.name ?? '@latest';
}
