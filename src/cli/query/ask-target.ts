import { StatusError } from '../../kube/api-server/status.js';
import { TARGET_KINDS, type TargetType } from '../cluster/ark-kinds.js';
import { type Cluster, openCluster } from '../cluster/cluster.js';
import type { CliContext } from '../context.js';
import { CommandFailure, ExitCode, UsageError } from '../exit-code.js';
import { inputOf, parametersOf, type QueryFlags, runOptions, wishesOf } from './query-flags.js';
import { newQuery } from './query-manifest.js';
import type { Target } from './query-object.js';
import { runQuery } from './run-query.js';
import { parameterSheet, toolInput, toolSchema } from './tool-input.js';

/** Asks an agent, team or model, or calls a tool, and prints what it answers. */
export async function askTarget(
  target: Target & { type: TargetType },
  words: string[],
  flags: QueryFlags,
  context: CliContext,
): Promise<ExitCode> {
  const options = runOptions(flags, context);
  const wishes = wishesOf(flags, context);
  const given = await inputOf(words, flags, context);
  const isTool = target.type === 'tool';
  if (given === undefined && !isTool) {
    throw new UsageError(`What should ${target.name} be asked? Add the text, or use --input or --file.`);
  }
  const cluster = await openCluster(context.terminal, flags);
  context.location = cluster.location;
  try {
    const found = await readTarget(cluster, target);
    const input = given ?? toolInput(toolSchema(found), parametersOf(flags));
    if (input === undefined) {
      context.terminal.err(parameterSheet(target.name, toolSchema(found)));
      return ExitCode.usage;
    }
    const query = newQuery(target, { ...wishes, input, namespace: cluster.namespace }, context.alias);
    return await runQuery(cluster, query, options, context);
  } finally {
    cluster.close();
  }
}

/** A missing target is known before a Query is made for it. */
async function readTarget(cluster: Cluster, target: Target & { type: TargetType }) {
  const type = TARGET_KINDS[target.type];
  try {
    return await cluster.client.get(type, { name: target.name, namespace: cluster.namespace });
  } catch (error) {
    if (!StatusError.is(error, 'NotFound')) throw error;
    const found = await cluster.client.list(type, { namespace: cluster.namespace }).catch(() => undefined);
    const names = found?.map((object) => object.metadata.name).join(', ') || 'none';
    const known = found ? `there are: ${names}.` : `the server has no kind ${type.kind} at all.`;
    throw new CommandFailure(
      ExitCode.failed,
      `There is no ${target.type} "${target.name}" in namespace "${cluster.namespace}"; ${known}`,
      'NotFound',
      { kind: type.kind, name: target.name, namespace: cluster.namespace },
    );
  }
}
