import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from '../../kit/index.js';
import { problemOf } from '../../machinery/errors/problem.js';
import { type EngineEndpoint, EngineEndpoints } from '../engine-endpoints.js';
import { OwnAddress } from '../own-address.js';
import type { Exchange } from './exchange.js';
import { answerRest } from './rest-door.js';
import { answerRpc, rpcError } from './rpc-door.js';

const CARDS = ['.well-known/agent-card.json', '.well-known/agent.json'];
const METHOD_NOT_ALLOWED = 405;

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
    if (!endpoint) return this.answerUnknown(name, request, reply);
    const tail = decodeURIComponent(request.url.split('?')[0] ?? '')
      .slice(path.length)
      .replace(/^\/+/, '');
    const exchange: Exchange = { endpoint, request, reply, tail };
    if (tail === '') return request.method === 'POST' ? answerRpc(exchange) : refuseMethod(request, reply);
    if (request.method === 'GET' && CARDS.includes(tail)) return this.answerCard(endpoint, path, exchange);
    if (request.method === 'GET' && tail === 'health') {
      await reply.send({ status: 'healthy', engine: endpoint.options.name });
      return;
    }
    return answerRest(exchange);
  }

  private async answerCard(endpoint: EngineEndpoint, path: string, { request, reply }: Exchange): Promise<void> {
    const base = this.address.baseUrl() || `${request.protocol}://${request.host}`;
    await reply
      .header('cache-control', 'no-cache')
      .type('application/json')
      .send(endpoint.card(`${base}${path}`));
  }

  private async answerUnknown(name: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const installed = this.names().join(', ') || 'none';
    const error = notFound(`no engine '${name}' is installed here; installed: ${installed}`);
    if (request.method === 'POST') {
      const id = (request.body as { id?: unknown } | null)?.id ?? null;
      await reply
        .status(404)
        .type('application/json')
        .send(rpcError(-32602, error.message, id));
      return;
    }
    await reply
      .status(404)
      .type('application/problem+json')
      .send(JSON.stringify(problemOf(error, request.url)));
  }
}

async function refuseMethod(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const detail = `${request.method} is not served here: POST JSON-RPC requests, or GET .well-known/agent-card.json`;
  const problem = { type: 'about:blank', title: 'Method not allowed', status: METHOD_NOT_ALLOWED, detail };
  await reply
    .status(METHOD_NOT_ALLOWED)
    .header('allow', 'POST')
    .type('application/problem+json')
    .send(JSON.stringify(problem));
}
