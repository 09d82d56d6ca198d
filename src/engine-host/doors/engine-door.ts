import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from '../../kit/index.js';
import { EngineEndpoints } from '../engine-endpoints.js';
import { OwnAddress } from '../own-address.js';
import { CARDS, refuseMethod, sendCard, tailOf } from './a2a-paths.js';
import { answerRest } from './rest-door.js';
import { answerRpc } from './rpc-door.js';
import { answerUnknown } from './unknown.js';

/** Answers every HTTP request to an engine, wherever the engine is mounted. */
@Injectable()
export class EngineDoor {
  constructor(
    private readonly endpoints: EngineEndpoints,
    private readonly address: OwnAddress,
  ) {}

  names(): string[] {
    return this.endpoints.names();
  }

  /** @param path where the engine is mounted, e.g. `/engines/echo`; empty text for the root */
  async answer(name: string, path: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const endpoint = this.endpoints.get(name);
    if (!endpoint) {
      const installed = this.names().join(', ') || 'none';
      return answerUnknown(notFound(`no engine '${name}' is installed here; installed: ${installed}`), request, reply);
    }
    const tail = tailOf(request, path);
    const exchange = { endpoint, request, reply, tail };
    if (tail === '') return request.method === 'POST' ? answerRpc(exchange) : refuseMethod(request, reply);
    if (request.method === 'GET' && CARDS.includes(tail)) {
      const base = this.address.baseUrl() || `${request.protocol}://${request.host}`;
      return sendCard(request, reply, endpoint.card(`${base}${path}`));
    }
    if (request.method === 'GET' && tail === 'health') {
      await reply.send({ status: 'healthy', engine: endpoint.options.name });
      return;
    }
    return answerRest(exchange);
  }
}
