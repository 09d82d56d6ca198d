import { All, Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CARDS } from '../engine-host/doors/a2a-paths.js';
import { calledAddress } from '../machinery/http/called-address.js';
import { Needs, NeedsUnless } from '../machinery/http/route-access.js';
import { Settings } from '../machinery/settings/settings.js';
import { AgentDoor, type AgentPlace } from './agent-door.js';
import { AgentEndpoints } from './agent-endpoints.js';
import { type AgentListing, listingOf } from './agents/agent-listing.js';

/** The paths of both of Ark's gateways, and one for the agents of any namespace. */
const AGENTS = ['agent/:name', 'a2a/agent/:name', 'ns/:namespace/agent/:name'];
const CARDS_OF_AGENTS = AGENTS.flatMap((agent) => CARDS.map((card) => `${agent}/${card}`));

interface AgentPath {
  /** Absent: this process's own. */
  namespace?: string;
  name: string;
}

/** The agents of the cluster, each below paths of its own. */
@Controller()
export class AgentsController {
  constructor(
    private readonly door: AgentDoor,
    private readonly endpoints: AgentEndpoints,
    private readonly settings: Settings,
  ) {}

  /** Every Agent and Team of the namespace, with the address of its card. */
  @Get(['agents', 'a2a/agents'])
  @Needs('read', 'own')
  list(@Req() request: FastifyRequest): Promise<AgentListing[]> {
    return this.listed(this.settings.namespace, `${prefixOf(request)}/agent`, request);
  }

  @Get('ns/:namespace/agents')
  @Needs('read', 'own')
  listOf(@Param('namespace') namespace: string, @Req() request: FastifyRequest): Promise<AgentListing[]> {
    return this.listed(namespace, `/ns/${namespace}/agent`, request);
  }

  /** The card of an agent. It says what the agent is for, not what it works with. */
  @Get(CARDS_OF_AGENTS)
  @NeedsUnless(({ gatewayPublicCards }) => gatewayPublicCards === 'on', 'read', 'own')
  card(@Param() agent: AgentPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.door.showCard(this.placeOf(agent, request), request, reply);
  }

  @All(AGENTS.flatMap((agent) => [agent, `${agent}/*`]))
  @Needs('by-method', 'own')
  answer(@Param() agent: AgentPath, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.door.answer(this.placeOf(agent, request), request, reply);
  }

  private placeOf({ namespace, name }: AgentPath, request: FastifyRequest): AgentPlace {
    if (namespace !== undefined) return { namespace, name, path: `/ns/${namespace}/agent/${name}` };
    return { namespace: this.settings.namespace, name, path: `${prefixOf(request)}/agent/${name}` };
  }

  private async listed(namespace: string, mount: string, request: FastifyRequest): Promise<AgentListing[]> {
    const { a2aListenProtocol: protocol, a2aListenHost: host, a2aListenPort: port, a2aListenPath } = this.settings;
    const base = `${calledAddress(request, { protocol, host, port, path: a2aListenPath })}${mount}`;
    return (await this.endpoints.list(namespace)).map(({ agent }) => listingOf(agent, base));
  }
}

/** Of the route, not of the URL, where letters may be escaped. */
const prefixOf = ({ routeOptions }: FastifyRequest): string => (routeOptions.url?.startsWith('/a2a/') ? '/a2a' : '');
