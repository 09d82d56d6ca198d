import { setTimeout as delay } from 'node:timers/promises';
import { errorText, notFound } from '../../kit/errors/ark-error.js';
import type { UntypedObject } from '../../kit/resource/object.js';
import { StatusError } from '../../kube/api-server/status.js';
import { discover, findByApiVersion, type OfferedKind } from '../../kube/client/discovery.js';
import type { Cluster } from '../cluster/cluster.js';
import type { CliContext } from '../context.js';
import { ExitCode, UsageError } from '../exit-code.js';
import { printNames } from '../output/print.js';
import { paint } from '../terminal.js';
import type { Manifest } from './read-manifests.js';

export interface ApplyWishes {
  namespace?: string;
  forceConflicts?: boolean;
  dryRun?: boolean;
}

/** A kind whose definition was applied a moment ago takes this long to be served, at most. */
const NEW_KIND_MS = 5_000;

/** Applies each object and says what became of it. One that fails does not hold up the others. */
export async function applyAll(
  cluster: Cluster,
  manifests: Manifest[],
  wishes: ApplyWishes,
  context: CliContext,
): Promise<ExitCode> {
  let failed = 0;
  for (const { object, where } of manifests) {
    try {
      const type = await kindOf(cluster, object, where);
      const placed = inNamespace(object, type, cluster, wishes);
      const outcome = await applyOne(cluster, type, placed, wishes);
      const suffix = wishes.dryRun ? ' (dry run)' : '';
      context.terminal.out(`${printNames([placed], type).trimEnd()} ${outcome}${suffix}\n`);
    } catch (error) {
      failed += 1;
      const name = `${object.kind} "${object.metadata.name}" of ${where}`;
      context.terminal.err(`${paint(context.terminal, 'red', 'Error:')} ${name}: ${advise(error)}\n`);
      if ((error as { reason?: string }).reason === 'ApiServerUnreachable') throw error;
    }
  }
  return failed > 0 ? ExitCode.failed : ExitCode.ok;
}

async function applyOne(cluster: Cluster, type: OfferedKind, object: UntypedObject, wishes: ApplyWishes) {
  const key = { name: object.metadata.name, namespace: object.metadata.namespace };
  const before = await cluster.client.get(type, key).catch((error) => {
    if (StatusError.is(error, 'NotFound')) return undefined;
    throw error;
  });
  const after = await cluster.client.apply(type, object, { force: wishes.forceConflicts, dryRun: wishes.dryRun });
  if (!before) return 'created';
  return before.metadata.resourceVersion === after.metadata.resourceVersion ? 'unchanged' : 'configured';
}

/** The served kind of a manifest; asks again for a while, as the manifest before may have defined it. */
export async function kindOf(cluster: Cluster, object: UntypedObject, where: string): Promise<OfferedKind> {
  const known = findByApiVersion(await cluster.kinds(), object.apiVersion, object.kind);
  if (known) return known;
  for (const deadline = Date.now() + NEW_KIND_MS; Date.now() < deadline; await delay(250)) {
    const found = findByApiVersion(await discover(cluster.client), object.apiVersion, object.kind);
    if (found) return found;
  }
  throw notFound(`${where} names a ${object.kind} of ${object.apiVersion}, which the server does not have.`);
}

function inNamespace(object: UntypedObject, type: OfferedKind, cluster: Cluster, wishes: ApplyWishes): UntypedObject {
  if (!type.namespaced) return object;
  const { namespace } = object.metadata;
  if (namespace && wishes.namespace && namespace !== wishes.namespace) {
    throw new UsageError(`it is written for namespace "${namespace}", but --namespace says "${wishes.namespace}".`);
  }
  return { ...object, metadata: { ...object.metadata, namespace: namespace ?? cluster.namespace } };
}

function advise(error: unknown): string {
  const text = errorText(error);
  if (!StatusError.is(error, 'Conflict')) return text;
  return `${text} Use --force-conflicts to take these fields over.`;
}
