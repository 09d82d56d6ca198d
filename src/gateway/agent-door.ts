import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CARDS, refuseMethod, sendCard, tailOf } from '../engine-host/doors/a2a-paths.js';
import { answerRest } from '../engine-host/doors/rest-door.js';
import { answerRpc } from '../engine-host/doors/rpc-door.js';
import { answerUnknown } from '../engine-host/doors/unknown.js';
import { notFound } from '../kit/index.js';
import { Settings } from '../machinery/settings/settings.js';
import { AgentEndpoints } from './agent-endpoints.js';
import { cardAddress } from './agents/card-address.js';

/** Ark's first gateway took JSON-RPC here too. */
const EXECUTE = 'execute';
/** Where clients of protocol 0.3 look for a card with more in it, besides `v1/card`. */
const OLD_EXTENDED_CARD = 'agent/authenticatedExtendedCard';

/** Answers every HTTP request to an agent of the cluster, wherever it is mounted. */
@Injectable()
export class AgentDoor {
  constructor(
    private readonly endpoints: AgentEndpoints,
    private readonly settings: Settings,
  ) {}

  /** @param path where the agent is mounted, e.g. `/agent/weather` */
  async answer(
    namespace: string,
    name: string,
    path: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const endpoint = await this.endpoints.find(namespace, name);
    if (!endpoint) return answerUnknown(notFound(`no agent or team '${namespace}/${name}' exists`), request, reply);
    const tail = tailOf(request, path);
    const { a2aListenProtocol: protocol, a2aListenHost: host, a2aListenPort: port, a2aListenPath } = this.settings;
    const url = () => `${cardAddress(request, { protocol, host, port, path: a2aListenPath })}${path}/`;
    const exchange = { endpoint, request, reply, tail, url };
    if (tail === '' || tail === EXECUTE) {
      return request.method === 'POST' ? answerRpc(exchange) : refuseMethod(request, reply);
    }
    if (request.method === 'GET' && CARDS.includes(tail)) return sendCard(reply, endpoint.card(url()));
    if (request.method === 'GET' && tail === OLD_EXTENDED_CARD) {
      const card = endpoint.extendedCard(url());
      if (card !== undefined) return sendCard(reply, card);
      await reply.status(404).send({ error: `agent '${name}' has no extended card` });
      return;
    }
    return answerRest(exchange);
  }
}
