import type { ObjectKey } from '../../kit/resource/object.js';
import { StatusError } from '../../kube/api-server/status.js';
import type { OfferedKind } from '../../kube/client/discovery.js';
import type { Cluster } from '../cluster/cluster.js';
import type { CliContext } from '../context.js';
import { ExitCode } from '../exit-code.js';
import { paint } from '../terminal.js';
import { kindOf } from './apply-manifests.js';
import { readManifests } from './read-manifests.js';

export interface DeleteWishes {
  recursive?: boolean;
  all?: boolean;
  ignoreNotFound?: boolean;
}

type Doomed = ObjectKey & { type: OfferedKind };

/** Deletes `kind/name`, several names of a kind, or all of a kind. */
export async function deleteNamed(
  cluster: Cluster,
  kind: string,
  names: string[],
  wishes: DeleteWishes,
  context: CliContext,
): Promise<ExitCode> {
  const [word = kind, nameInWord] = kind.split('/');
  const type = await cluster.kind(word);
  const namespace = type.namespaced ? cluster.namespace : undefined;
  const wanted = wishes.all
    ? (await cluster.client.list(type, { namespace })).map((object) => object.metadata.name)
    : [...(nameInWord ? [nameInWord] : []), ...names];
  return deleteEach(
    cluster,
    wanted.map((name) => ({ type, name, namespace })),
    wishes,
    context,
  );
}

/** Deletes what manifests name, last things first. */
export async function deleteManifests(
  cluster: Cluster,
  paths: string[],
  wishes: DeleteWishes,
  context: CliContext,
): Promise<ExitCode> {
  const manifests = await readManifests(paths, context.terminal, wishes);
  const doomed: Doomed[] = [];
  for (const { object, where } of manifests.toReversed()) {
    const type = await kindOf(cluster, object, where);
    const namespace = type.namespaced ? (object.metadata.namespace ?? cluster.namespace) : undefined;
    doomed.push({ type, name: object.metadata.name, namespace });
  }
  return deleteEach(cluster, doomed, wishes, context);
}

async function deleteEach(
  cluster: Cluster,
  doomed: Doomed[],
  wishes: DeleteWishes,
  context: CliContext,
): Promise<ExitCode> {
  let code: ExitCode = ExitCode.ok;
  for (const { type, ...key } of doomed) {
    try {
      await cluster.client.delete(type, key);
      context.terminal.out(`${type.kind.toLowerCase()} "${key.name}" deleted\n`);
    } catch (error) {
      if (!StatusError.is(error, 'NotFound')) throw error;
      if (wishes.ignoreNotFound) continue;
      context.terminal.err(`${paint(context.terminal, 'red', 'Error:')} ${error.message}\n`);
      code = ExitCode.failed;
    }
  }
  return code;
}
