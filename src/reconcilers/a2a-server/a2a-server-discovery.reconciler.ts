import {
  ArkError,
  follows,
  Next,
  type ObjectKey,
  type Reconcile,
  type ReconcileContext,
  Reconciler,
  type ResourceClass,
} from '../../kit/index.js';
import { A2AServer } from '../../resources/a2a-server/a2a-server.resource.js';
import { a2aServerReferences } from '../../resources/a2a-server/a2a-server-references.js';
import { Agent } from '../../resources/agent/agent.resource.js';
import { ConfigMap } from '../../resources/core/config-map.resource.js';
import { Secret } from '../../resources/core/secret.resource.js';
import { Service } from '../../resources/core/service.resource.js';
import { A2A_SERVER_LABEL } from '../../resources/labels.js';
import { durationOr } from '../../resources/values/duration.js';
import { writeOwned } from '../owned-objects.js';
import { Readings } from '../readings.js';
import { stableText } from '../stable-text.js';
import { A2aDiscovery, type FoundAgents } from './a2a-discovery.js';
import { eventOf, type Finding, nextStatus } from './a2a-server-status.checks.js';
import { HeldNames } from './held-names.js';
import { type ResolvedServer, resolveOrSay } from './resolve-server.js';
import { wantedAgents } from './wanted-agents.js';

const DEFAULT_POLL_MS = 60_000;
const SHORTEST_POLL_MS = 1_000;

const readsFrom = (kind: ResourceClass) =>
  follows<A2AServer>(kind, (server) =>
    a2aServerReferences(server)
      .filter((reference) => reference.kind === kind)
      .map(({ key }) => key),
  );

/**
 * Reads the cards of A2A servers, makes an Agent of each, and says how that went. Agents stay while a server is away:
 * only a server that answers can take one back.
 */
@Reconciler({
  name: 'a2a-server-discovery',
  kind: A2AServer,
  follows: [readsFrom(Secret), readsFrom(ConfigMap), readsFrom(Service)],
  owns: [Agent],
  // Each waits for somebody else's host; servers that hang must not keep others waiting.
  concurrency: 256,
})
export class A2aServerDiscoveryReconciler implements Reconcile<A2AServer> {
  private readonly readings = new Readings<FoundAgents>();
  private readonly names = new HeldNames();

  constructor(private readonly discovery: A2aDiscovery) {}

  async reconcile(server: A2AServer, context: ReconcileContext): Promise<Next> {
    if (server.metadata.deletionTimestamp) return Next.onChange();
    const isNew = !server.status?.conditions?.length && !this.readings.knows(server);
    if (isNew) await tell(server, { reason: 'Initializing' }, context);
    const resolved = await resolveOrSay(server, context);
    if ('reason' in resolved) {
      await tell(server, resolved, context);
      return Next.after(pollMs(server));
    }
    const waitMs = this.readings.dueIn(server, resolved, context.now());
    // Between two readings: agents that somebody changed or deleted become again what the cards said.
    if (waitMs > 0) return this.settle(server, resolved, this.readings.found(server), waitMs, context);
    const known = this.readings.found(server);
    const found = await this.read(server, resolved, known, context);
    if (context.signal.aborted) return Next.onChange();
    const success = 'reason' in found ? undefined : found;
    const read = { found: success, pollMs: pollMs(server), now: context.now() };
    const next = this.readings.done(server, resolved, read);
    if ('reason' in found) await tell(server, found, context);
    return this.settle(server, resolved, success, next, context);
  }

  forget(_key: ObjectKey, uid: string): void {
    this.readings.forget(uid);
    this.names.forget(uid);
  }

  private async read(
    server: A2AServer,
    { address, headers }: ResolvedServer,
    known: FoundAgents | undefined,
    { signal, logger }: ReconcileContext,
  ): Promise<FoundAgents | Finding> {
    try {
      return await this.discovery.read({ address, headers, known, signal });
    } catch (error) {
      if (!(error instanceof ArkError)) throw error;
      logger.debug({ server: server.metadata.name, err: error }, 'The cards of an A2A server could not be read');
      return { reason: 'DiscoveryFailed', address, message: stableText(error) };
    }
  }

  /** Makes the agents what was found, if anything was. */
  private async settle(
    server: A2AServer,
    { address }: ResolvedServer,
    found: FoundAgents | undefined,
    nextMs: number,
    context: ReconcileContext,
  ): Promise<Next> {
    if (!found) return Next.after(nextMs);
    const wanted = wantedAgents(server, found, this.names, context);
    const objects = { owner: server, kind: Agent, wanted, label: A2A_SERVER_LABEL };
    const { writing, deleting } = await writeOwned(objects, context);
    if (writing) await tell(server, { reason: 'AgentCreationFailed', address, message: writing }, context);
    else if (deleting) await tell(server, { reason: 'AgentDeletionFailed', address, message: deleting }, context);
    else await tell(server, { reason: 'AgentDiscovered', address, count: wanted.length }, context);
    return Next.after(nextMs);
  }
}

async function tell(server: A2AServer, finding: Finding, context: ReconcileContext): Promise<void> {
  const status = nextStatus(server, finding, context.now());
  const event = eventOf(server, finding, status);
  await context.applyStatus(server, status);
  if (event) context.event(server, event);
}

/** Up to a tenth more or less, so that many servers are not asked at the same moment. */
function pollMs(server: A2AServer): number {
  const interval = Math.max(SHORTEST_POLL_MS, durationOr(server.spec.pollInterval, DEFAULT_POLL_MS));
  return interval * (0.9 + Math.random() * 0.2);
}
