import { isCurrent, isOld, type OfferedDoor, offeredDoors } from '../../kit/a2a/offered-doors.js';
import { isNetworkFailure } from '../../kit/egress/network-failure.js';
import { ArkError, timeout, unavailable } from '../../kit/errors/ark-error.js';
import { currentRest, currentRpc, type Dialect, legacyRpc } from './dialect.js';
import type { EngineCard } from './trial.js';
import { unreachable, type Wire } from './wire.js';

const PATHS = ['.well-known/agent-card.json', '.well-known/agent.json'];
/** What JSON-RPC answers to a method that there is not. */
const UNKNOWN_METHOD = -32601;
/** A card is a page of text. */
const LARGEST_CARD = 1 << 20;

/**
 * The card of the engine at a base address, from the path of now or that of before; undefined where there is none.
 *
 * @throws `Unavailable` when nothing answers at that address
 */
export async function readCard(url: string, wire: Wire, timeoutMs: number): Promise<EngineCard | undefined> {
  for (const path of PATHS) {
    const card = await readJson(url + path, wire, timeoutMs);
    if (typeof card === 'object' && card !== null && !Array.isArray(card)) return card as EngineCard;
  }
  return undefined;
}

/**
 * For an address without a card: an engine of old may have none, but it knows that it does not know a method.
 *
 * @throws `Unavailable` when what answers there is no engine
 */
export async function refuseStranger(url: string, wire: Wire, timeoutMs: number): Promise<void> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 'hello', method: 'hello', params: {} });
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const { status, text } = await within(timeoutMs, url, async (signal) => {
    const response = await wire(url, { method: 'POST', headers, body, signal });
    return { status: response.status, text: await boundedText(response, url) };
  });
  const { error } = (parsed(text) ?? {}) as { error?: { code?: unknown; message?: unknown } };
  if (error?.code === UNKNOWN_METHOD) return;
  const said = typeof error?.message === 'string' ? error.message : `HTTP ${status}`;
  throw unavailable(
    `There is no engine at ${url}: no agent card (${PATHS[0]}), and no JSON-RPC (${said}). ` +
      'Check the address; "ark get executionengines" shows those of a cluster.',
    { reason: 'NoEngine' },
  );
}

/**
 * The document of JSON at an address; undefined where there is none.
 *
 * @throws `Unavailable` when nothing answers, or too much; `Timeout` when it takes too long
 */
export async function readJson(url: string, wire: Wire, timeoutMs: number): Promise<unknown> {
  return within(timeoutMs, url, async (signal) => {
    const response = await wire(url, { headers: { accept: 'application/json' }, signal });
    if (response.ok) return parsed(await boundedText(response, url));
    await response.body?.cancel();
    return undefined;
  });
}

/** @throws ArkError naming the address and the next step, whatever went wrong on the way; a bug as it is */
async function within<T>(timeoutMs: number, url: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await work(signal);
  } catch (error) {
    if (error instanceof ArkError) throw error;
    if (!signal.aborted) throw isNetworkFailure(error) ? unreachable(url, error) : error;
    throw timeout(`No answer from ${url} within ${timeoutMs / 1000} s; check the address, or give it more --timeout.`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function boundedText(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > LARGEST_CARD) throw unavailable(`What is at ${url} is larger than 1 MiB: no agent card.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Every way to speak to the engine that its card offers; without a card, or one with an address, the oldest is tried. */
export function dialectsOf(card: EngineCard | undefined, url: string, wire: Wire): Dialect[] {
  const offered = offeredDoors({ ...card });
  const doors = offered.length > 0 ? offered : [{ url, binding: 'JSONRPC', version: '0.3' }];
  const at = (binding: string, isSpoken: (door: OfferedDoor) => boolean) => {
    const door = doors.find((one) => one.binding === binding && isSpoken(one));
    return door && reachable(door.url, url);
  };
  const [rpc, rest, old] = [at('JSONRPC', isCurrent), at('HTTP+JSON', isCurrent), at('JSONRPC', isOld)];
  return [
    ...(rpc ? [currentRpc(rpc, wire)] : []),
    ...(rest ? [currentRest(rest, wire)] : []),
    ...(old ? [legacyRpc(old, wire)] : []),
  ];
}

/** An address of the card where it is on the host that was asked, as callers follow no other; else the one asked. */
function reachable(named: unknown, url: string): string {
  const same = typeof named === 'string' && URL.canParse(named) && new URL(named).origin === new URL(url).origin;
  return same ? named : url;
}
