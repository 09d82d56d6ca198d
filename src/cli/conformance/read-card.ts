import { errorText, unavailable } from '../../kit/errors/ark-error.js';
import { currentRest, currentRpc, type Dialect, legacyRpc } from './dialect.js';
import type { EngineCard } from './trial.js';

const PATHS = ['.well-known/agent-card.json', '.well-known/agent.json'];

/**
 * The card of the engine at a base address, from the path of now or that of before; undefined where there is none.
 *
 * @throws `Unavailable` when nothing answers at that address
 */
export async function readCard(url: string, timeoutMs: number): Promise<EngineCard | undefined> {
  for (const path of PATHS) {
    const response = await fetch(url + path, { signal: AbortSignal.timeout(timeoutMs) }).catch((error: Error) => {
      throw unavailable(`Nothing answers at ${url}: ${errorText(error.cause ?? error)}`, {
        reason: 'EngineUnreachable',
      });
    });
    const card: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
    if (typeof card === 'object' && card !== null && !Array.isArray(card)) return card as EngineCard;
  }
  return undefined;
}

/** Every way to speak to the engine that its card offers; without a card the oldest one is tried. */
export function dialectsOf(card: EngineCard | undefined, url: string): Dialect[] {
  const doors = (card?.supportedInterfaces ?? []).map(({ url: named, protocolBinding, protocolVersion }) => ({
    at: reachable(named, url),
    kind: `${String(protocolVersion).slice(0, 3)} ${String(protocolBinding)}`,
  }));
  const door = (kind: string) => doors.find((one) => one.kind === kind)?.at;
  const legacy =
    door('0.3 JSONRPC') ?? (card?.url !== undefined || doors.length === 0 ? reachable(card?.url, url) : undefined);
  const [rpc, rest] = [door('1.0 JSONRPC'), door('1.0 HTTP+JSON')];
  return [
    ...(rpc ? [currentRpc(rpc)] : []),
    ...(rest ? [currentRest(rest)] : []),
    ...(legacy ? [legacyRpc(legacy)] : []),
  ];
}

/** An address of the card where it is on the host that was asked, as callers follow no other; else the one asked. */
function reachable(named: unknown, url: string): string {
  const same = typeof named === 'string' && URL.canParse(named) && new URL(named).host === new URL(url).host;
  return same ? named : url;
}
