import { All, Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../machinery/http/route-access.js';
import { EngineDoor } from './doors/engine-door.js';
import { EngineEndpoints } from './engine-endpoints.js';
import { OwnAddress } from './own-address.js';

/** One line of the list of engines. */
export interface EngineListing {
  name: string;
  description: string;
  url: string;
}

/** The engines of this process as A2A agents, each at `/engines/{name}/`. */
@Controller('engines')
export class EnginesController {
  constructor(
    private readonly door: EngineDoor,
    private readonly endpoints: EngineEndpoints,
    private readonly address: OwnAddress,
  ) {}

  @Get()
  @Needs('read', 'every')
  list(): { engines: EngineListing[] } {
    const listed = this.endpoints.names().flatMap((name) => this.endpoints.get(name)?.options ?? []);
    const base = this.address.baseUrl();
    return {
      engines: listed.map(({ name, description }) => ({ name, description, url: `${base}/engines/${name}/` })),
    };
  }

  @All([':name', ':name/*'])
  @Needs('by-method', 'every')
  answer(@Param('name') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.door.answer(name, `/engines/${name}`, request, reply);
  }
}
