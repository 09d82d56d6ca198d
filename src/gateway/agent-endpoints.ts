import { Injectable } from '@nestjs/common';
import { cardSecurity } from '../engine-host/card-security.js';
import { type A2aEndpoint, endpointOf } from '../engine-host/doors/a2a-endpoint.js';
import { cardDocument } from '../engine-host/engine-card.js';
import { DoorProofs } from '../machinery/http/door-proofs.js';
import { BugReports } from '../machinery/observability/bug-reports.js';
import { Settings } from '../machinery/settings/settings.js';
import type { Agent } from '../resources/agent/agent.resource.js';
import type { Team } from '../resources/team/team.resource.js';
import { AgentDirectory } from './agents/agent-directory.js';
import { extendedCard, type GatewayTraits, gatewayCard } from './agents/gateway-card.js';
import { isAgent, type ServedAgent, servedAgent } from './agents/served-agent.js';
import { PushReceivers } from './push/push-receivers.js';
import { GatewayRequestHandler } from './tasks/gateway-request-handler.js';
import { GatewayTasks } from './tasks/gateway-tasks.js';
import { TaskEvents } from './tasks/task-events.js';

/** One agent of the cluster as an A2A agent. */
export interface AgentEndpoint extends A2aEndpoint {
  readonly agent: ServedAgent;
  /** The card of the agent when it is reached at `url`, as JSON text. */
  card(url: string): string;
  /** The card for callers who proved who they are; undefined where nobody has to. */
  extendedCard(url: string): string | undefined;
}

/**
 * The agents of the cluster as A2A agents. There is no table of routes that could be old: each request looks at what is
 * there now, and keeps what it found until it is answered.
 */
@Injectable()
export class AgentEndpoints {
  /** By version of the object: a changed one is another object. */
  private readonly known = new WeakMap<Agent | Team, AgentEndpoint>();

  private readonly traits: GatewayTraits;

  constructor(
    private readonly directory: AgentDirectory,
    private readonly tasks: GatewayTasks,
    private readonly events: TaskEvents,
    private readonly receivers: PushReceivers,
    private readonly bugs: BugReports,
    private readonly settings: Settings,
    proofs: DoorProofs,
  ) {
    const { a2aProviderName: organization, a2aProviderUrl: url } = settings;
    const provider = organization && url ? { organization, url } : undefined;
    this.traits = { pushNotifications: tasks.lasting, provider, ...cardSecurity(proofs) };
  }

  /** As the caller may see it. */
  async find(namespace: string, name: string): Promise<AgentEndpoint | undefined> {
    const object = await this.directory.find(namespace, name);
    return object && this.of(object);
  }

  /** Also where the caller is not asked whether it may see the agent: for what is public. */
  async present(namespace: string, name: string): Promise<AgentEndpoint | undefined> {
    const object = await this.directory.present(namespace, name);
    return object && this.of(object);
  }

  async list(namespace: string): Promise<AgentEndpoint[]> {
    return (await this.directory.list(namespace)).map((object) => this.of(object));
  }

  private of(object: Agent | Team): AgentEndpoint {
    const known = this.known.get(object);
    if (known) return known;
    const endpoint = this.open(servedAgent(isAgent(object) ? 'agent' : 'team', object));
    this.known.set(object, endpoint);
    return endpoint;
  }

  private open(agent: ServedAgent): AgentEndpoint {
    const { traits } = this;
    const card = gatewayCard(agent, '', traits);
    const extended = card.capabilities?.extendedAgentCard
      ? (url: string) => extendedCard(agent, url, traits)
      : undefined;
    const manners = { card, extended, timeoutSeconds: this.settings.a2aDefaultTimeoutSeconds };
    const handler = new GatewayRequestHandler(agent, manners, this.tasks, this.events, this.receivers, this.bugs);
    return {
      ...endpointOf(`${agent.namespace}/${agent.name}`, handler, { streamsFollow: true }),
      agent,
      card: (url) => JSON.stringify(cardDocument(gatewayCard(agent, url, traits))),
      extendedCard: (url) => extended && JSON.stringify(cardDocument(extended(url))),
    };
  }
}
