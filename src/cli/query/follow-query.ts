import { setTimeout as delay } from 'node:timers/promises';
import { notFound } from '../../kit/errors/ark-error.js';
import type { ObjectKey } from '../../kit/resource/object.js';
import { StatusError } from '../../kube/api-server/status.js';
import type { KubeClient } from '../../kube/client/kube-client.js';
import { QUERY } from '../cluster/ark-kinds.js';
import type { Cluster } from '../cluster/cluster.js';
import { isSettled, type QueryObject } from './query-object.js';

const RETRY_MS = 500;

/**
 * Watches one Query until it is settled. Survives watches that end, versions that expire, and a server that is away for a
 * while or comes back elsewhere; only the signal and a deleted Query end it early.
 */
export async function followQuery(
  cluster: Pick<Cluster, 'client' | 'relocate'>,
  created: QueryObject,
  options: { signal: AbortSignal; onChange?(query: QueryObject): void },
): Promise<QueryObject> {
  const key = { name: created.metadata.name, namespace: created.metadata.namespace };
  let latest = created;
  for (;;) {
    try {
      for await (const next of changes(cluster.client, key, latest.metadata.resourceVersion, options.signal)) {
        latest = next;
        options.onChange?.(latest);
        if (isSettled(latest)) return latest;
      }
    } catch (error) {
      if (options.signal.aborted || !isPassing(error)) throw error;
      await delay(RETRY_MS, undefined, { signal: options.signal });
      await cluster.relocate();
    }
    latest = await reread(cluster.client, key, latest);
    options.onChange?.(latest);
    if (isSettled(latest)) return latest;
  }
}

async function* changes(
  client: KubeClient,
  key: ObjectKey,
  resourceVersion: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<QueryObject> {
  const selection = { namespace: key.namespace, fieldSelector: `metadata.name=${key.name}`, resourceVersion, signal };
  for await (const event of client.watch(QUERY, selection)) {
    if (event.type === 'BOOKMARK') continue;
    if (event.type === 'DELETED') throw notFound(`Query "${key.name}" was deleted while it ran.`);
    yield event.object as unknown as QueryObject;
  }
}

async function reread(client: KubeClient, key: ObjectKey, latest: QueryObject): Promise<QueryObject> {
  try {
    return await client.get<QueryObject>(QUERY, key);
  } catch (error) {
    if (isPassing(error)) return latest;
    throw error;
  }
}

/** Worth another try: the server is away, restarting, or forgot the version asked for. */
export const isPassing = (error: unknown) =>
  StatusError.is(error, 'Expired', 'TooManyRequests', 'InternalError', 'ServiceUnavailable', 'Timeout') ||
  (error as { family?: string })?.family === 'Unavailable' ||
  ['ECONNRESET', 'ECONNREFUSED', 'ERR_STREAM_PREMATURE_CLOSE'].includes((error as { code?: string })?.code ?? '');
