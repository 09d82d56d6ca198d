import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CARDS, refuseMethod, sendCard, tailOf } from '../engine-host/doors/a2a-paths.js';
import { answerRest } from '../engine-host/doors/rest-door.js';
import { answerRpc } from '../engine-host/doors/rpc-door.js';
import { answerUnknown } from '../engine-host/doors/unknown.js';
import { notFound } from '../kit/index.js';
import { calledAddress } from '../machinery/http/called-address.js';
import { Settings } from '../machinery/settings/settings.js';
import { AgentEndpoints } from './agent-endpoints.js';

/** Ark's first gateway took JSON-RPC here too. */
const EXECUTE = 'execute';
/** Where clients of protocol 0.3 look for a card with more in it, besides `v1/card`. */
const OLD_EXTENDED_CARD = 'agent/authenticatedExtendedCard';

/** Which agent a request is for, and where it is mounted. */
export interface AgentPlace {
  namespace: string;
  name: string;
  /** E.g. `/agent/weather`. */
  path: string;
}

const unknown = ({ namespace, name }: AgentPlace) => notFound(`no agent or team '${namespace}/${name}' exists`);

/** Answers every HTTP request to an agent of the cluster, wherever it is mounted. */
@Injectable()
export class AgentDoor {
  constructor(
    private readonly endpoints: AgentEndpoints,
    private readonly settings: Settings,
  ) {}

  async answer(place: AgentPlace, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { namespace, name, path } = place;
    const endpoint = await this.endpoints.find(namespace, name);
    if (!endpoint) return answerUnknown(unknown(place), request, reply);
    const tail = tailOf(request, path);
    const url = () => this.urlOf(path, request);
    const exchange = { endpoint, request, reply, tail, url };
    if (tail === '' || tail === EXECUTE) {
      return request.method === 'POST' ? answerRpc(exchange) : refuseMethod(request, reply);
    }
    if (request.method === 'GET' && CARDS.includes(tail)) return sendCard(request, reply, endpoint.card(url()));
    if (request.method === 'GET' && tail === OLD_EXTENDED_CARD) {
      const card = endpoint.extendedCard(url());
      if (card !== undefined) return sendCard(request, reply, card);
      await reply.status(404).send({ error: `agent '${name}' has no extended card` });
      return;
    }
    return answerRest(exchange);
  }

  /** Answers a request for the card of an agent. Where cards are public, nobody is asked on whose behalf it is read. */
  async showCard(place: AgentPlace, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { namespace, name, path } = place;
    const anybody = this.settings.gatewayPublicCards === 'on';
    const endpoint = await (anybody ? this.endpoints.present(namespace, name) : this.endpoints.find(namespace, name));
    if (!endpoint) return answerUnknown(unknown(place), request, reply);
    return sendCard(request, reply, endpoint.card(this.urlOf(path, request)));
  }

  private urlOf(path: string, request: FastifyRequest): string {
    const { a2aListenProtocol: protocol, a2aListenHost: host, a2aListenPort: port, a2aListenPath } = this.settings;
    return `${calledAddress(request, { protocol, host, port, path: a2aListenPath })}${path}/`;
  }
}
