import { All, Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../machinery/http/route-access.js';
import { Settings } from '../machinery/settings/settings.js';
import { AgentDoor } from './agent-door.js';
import { AgentEndpoints } from './agent-endpoints.js';
import { type AgentListing, listingOf } from './agents/agent-listing.js';
import { cardAddress } from './agents/card-address.js';

/** The agents of this process's own namespace: the paths of both of Ark's gateways. */
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
    const mount = request.url.startsWith('/a2a/') ? '/a2a/agent' : '/agent';
    return this.listed(this.settings.namespace, mount, request);
  }

  @Get('ns/:namespace/agents')
  @Needs('read', 'own')
  listOf(@Param('namespace') namespace: string, @Req() request: FastifyRequest): Promise<AgentListing[]> {
    return this.listed(namespace, `/ns/${namespace}/agent`, request);
  }

  @All(['agent/:name', 'agent/:name/*'])
  @Needs('by-method', 'own')
  answer(@Param('name') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.door.answer(this.settings.namespace, name, `/agent/${name}`, request, reply);
  }

  @All(['a2a/agent/:name', 'a2a/agent/:name/*'])
  @Needs('by-method', 'own')
  answerBelow(@Param('name') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.door.answer(this.settings.namespace, name, `/a2a/agent/${name}`, request, reply);
  }

  @All(['ns/:namespace/agent/:name', 'ns/:namespace/agent/:name/*'])
  @Needs('by-method', 'own')
  answerOf(
    @Param('namespace') namespace: string,
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.door.answer(namespace, name, `/ns/${namespace}/agent/${name}`, request, reply);
  }

  private async listed(namespace: string, mount: string, request: FastifyRequest): Promise<AgentListing[]> {
    const { a2aListenProtocol: protocol, a2aListenHost: host, a2aListenPort: port, a2aListenPath } = this.settings;
    const base = `${cardAddress(request, { protocol, host, port, path: a2aListenPath })}${mount}`;
    return (await this.endpoints.list(namespace)).map(({ agent }) => listingOf(agent, base));
  }
}
