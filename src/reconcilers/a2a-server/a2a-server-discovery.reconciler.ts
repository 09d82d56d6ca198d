import {
  ArkError,
  follows,
  Next,
  type ObjectKey,
  type Reconcile,
  type ReconcileContext,
  Reconciler,
} from '../../kit/index.js';
import { A2AServer } from '../../resources/a2a-server/a2a-server.resource.js';
import { a2aServerReferences } from '../../resources/a2a-server/a2a-server-references.js';
import { Agent } from '../../resources/agent/agent.resource.js';
import { A2A_SERVER_LABEL } from '../../resources/labels.js';
import { Duties } from '../duties.js';
import { followValues } from '../follow-values.js';
import { writeOwned } from '../owned-objects.js';
import { Polls, pollMs } from '../polls.js';
import { ReconcilerSettings } from '../reconciler-settings.js';
import { stableText } from '../stable-text.js';
import { A2aDiscovery, type FoundAgents } from './a2a-discovery.js';
import { eventOf, type Finding, nextStatus } from './a2a-server-status.checks.js';
import { agentObject } from './agent-object.js';
import { HeldNames } from './held-names.js';
import { inTheWay, nameAgents } from './named-agents.js';
import { type ResolvedServer, resolveOrSay } from './resolve-server.js';

const NAME = 'a2a-server-discovery';

/**
 * Reads the cards of A2A servers, makes an Agent of each, and says how that went. Agents stay while a server is away:
 * only a server that answers can take one back.
 */
@Reconciler({
  name: NAME,
  kind: A2AServer,
  follows: [...followValues(a2aServerReferences), follows<A2AServer>(Agent, inTheWay)],
  owns: [Agent],
})
export class A2aServerDiscoveryReconciler implements Reconcile<A2AServer> {
  private readonly polls: Polls<FoundAgents | Finding>;
  private readonly names = new HeldNames();

  constructor(
    private readonly discovery: A2aDiscovery,
    duties: Duties,
    private readonly settings: ReconcilerSettings,
  ) {
    this.polls = new Polls(duties);
  }

  async reconcile(server: A2AServer, context: ReconcileContext): Promise<Next> {
    if (server.metadata.deletionTimestamp) {
      // Its Agents may go before it does, and others wait for their names.
      this.names.forget(server.metadata.uid ?? '');
      return Next.onChange();
    }
    const othersDuty = this.polls.othersDuty(server);
    if (othersDuty) {
      this.names.forget(server.metadata.uid ?? '');
      return othersDuty;
    }
    const isNew = !server.status?.conditions?.length && !this.polls.knows(server);
    if (isNew) await tell(server, { reason: 'Initializing' }, context);
    const resolved = await resolveOrSay(server, context);
    if ('reason' in resolved) {
      await tell(server, resolved, context);
      return Next.after(pollMs(server));
    }
    const { answer, next } = this.polls.look(
      server,
      {
        host: URL.parse(resolved.address)?.host ?? resolved.address,
        askedWith: resolved,
        ask: (signal, before) => this.read(server, resolved, before, { signal, logger: context.logger }),
        failed: (found) => 'reason' in found,
      },
      context,
    );
    // Between two readings too: agents that somebody changed or deleted become again what the cards said.
    if (answer)
      await tell(server, 'reason' in answer ? answer : await this.write(server, answer, resolved, context), context);
    else if (isUnlocated(server))
      await tell(server, { reason: 'DiscoveringAgents', address: resolved.address }, context);
    return next;
  }

  forget(_key: ObjectKey, uid: string): void {
    this.polls.forget(uid);
    this.names.forget(uid);
  }

  private async read(
    { metadata }: A2AServer,
    { address, headers, secrets }: ResolvedServer,
    before: FoundAgents | Finding | undefined,
    { signal, logger }: Pick<ReconcileContext, 'signal' | 'logger'>,
  ): Promise<FoundAgents | Finding> {
    const known = before && 'agents' in before ? before : undefined;
    try {
      return await this.discovery.read({ address, headers, secrets, known, signal });
    } catch (error) {
      if (!(error instanceof ArkError)) throw error;
      logger.debug({ server: metadata.name, err: error }, 'The cards of an A2A server could not be read');
      return { reason: 'DiscoveryFailed', address, message: stableText(error) };
    }
  }

  /** Makes the agents what was found. */
  private async write(
    server: A2AServer,
    found: FoundAgents,
    { address }: ResolvedServer,
    context: ReconcileContext,
  ): Promise<Finding> {
    const prefix = server.spec.agentNamePrefix ?? this.settings.a2aAgentNamePrefix;
    const named = nameAgents(server, found, prefix, this.names, context);
    if ('refusal' in named) return { reason: 'AgentCreationFailed', address, message: named.refusal };
    const wanted = named.map((agent) => agentObject(server, agent, found.listed ? 'onConflict' : prefix));
    const { notes, problems, partial } = found;
    const objects = { owner: server, kind: Agent, wanted, label: A2A_SERVER_LABEL, maker: NAME, partial };
    const { writing, deleting } = await writeOwned(objects, context);
    if (writing) return { reason: 'AgentCreationFailed', address, message: writing };
    if (deleting) return { reason: 'AgentDeletionFailed', address, message: deleting };
    return { reason: 'AgentDiscovered', address, count: wanted.length, notes, problems };
  }
}

/**
 * Whether a new server's status does not say yet where it is: one that hangs would never tell. Of a server that moves the
 * old address stays until its Agents move, too.
 */
const isUnlocated = ({ status }: A2AServer): boolean => status?.conditions !== undefined && !status.lastResolvedAddress;

async function tell(server: A2AServer, finding: Finding, context: ReconcileContext): Promise<void> {
  const status = nextStatus(server, finding, context.now());
  const event = eventOf(server, finding, status);
  await context.applyStatus(server, status);
  if (event) context.event(server, event);
}
