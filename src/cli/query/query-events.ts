import { setTimeout as delay } from 'node:timers/promises';
import type { UntypedObject } from '../../kit/resource/object.js';
import { StatusError } from '../../kube/api-server/status.js';
import { ARK_GROUP, CORE_EVENT } from '../cluster/ark-kinds.js';
import type { Cluster } from '../cluster/cluster.js';
import { paint, type Terminal } from '../terminal.js';

const AGAIN_AFTER_MS = 500;
const DATA = `${ARK_GROUP}/event-data`;

interface CoreEvent extends UntypedObject {
  reason?: string;
  message?: string;
  type?: string;
}

/** Tells each Event about one object once, until the signal; a server that goes away and comes back is watched again. */
export async function followEvents(
  cluster: Pick<Cluster, 'client'>,
  query: { name: string; namespace: string },
  options: { signal: AbortSignal; onEvent(event: CoreEvent): void },
): Promise<void> {
  const seen = new Set<string>();
  const fieldSelector = `involvedObject.kind=Query,involvedObject.name=${query.name}`;
  while (!options.signal.aborted) {
    const selection = { namespace: query.namespace, fieldSelector, signal: options.signal };
    try {
      for await (const { type, object } of cluster.client.watch(CORE_EVENT, selection)) {
        const version = `${object.metadata?.uid}/${(object as { count?: number }).count ?? 1}`;
        if ((type !== 'ADDED' && type !== 'MODIFIED') || seen.has(version)) continue;
        seen.add(version);
        options.onEvent(object as CoreEvent);
      }
    } catch (error) {
      if (StatusError.is(error, 'Forbidden', 'Unauthorized', 'NotFound')) return;
    }
    await delay(AGAIN_AFTER_MS, undefined, { signal: options.signal });
  }
}

/** `HH:MM:SS.mmm <reason> <payload>` for people, coloured on a terminal. */
export function eventLine(terminal: Terminal, event: CoreEvent, now: Date = new Date()): string {
  const colour = event.type === 'Normal' ? 'green' : event.type === 'Warning' ? 'yellow' : 'red';
  const time = now.toISOString().slice(11, 23);
  return `${time} ${paint(terminal, colour, event.reason ?? 'Event')} ${payload(event)}\n`;
}

/** `time reason json` for programs: one event per line on stdout. */
export function eventRecord(event: CoreEvent, now: Date = new Date()): string {
  const data = event.metadata.annotations?.[DATA] ?? JSON.stringify({ message: event.message ?? '' });
  return `${now.toISOString()} ${event.reason ?? 'Event'} ${data.replaceAll('\n', ' ')}\n`;
}

function payload(event: CoreEvent): string {
  const data = event.metadata.annotations?.[DATA];
  if (data) return data;
  try {
    const fields = JSON.parse(event.message ?? '') as Record<string, unknown>;
    return Object.entries(fields)
      .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(' ');
  } catch {
    return event.message ?? '';
  }
}
