import { All, Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OpenToAll } from '../machinery/http/route-access.js';
import { EngineDoor } from './doors/engine-door.js';

/** Injection token: the name of the engine that is served at `/`; undefined when there are several. */
export const ROOT_ENGINE = Symbol('root engine');

/** The only engine of a process at the root, where Ark looks for engines. */
@Controller()
export class RootEngineController {
  constructor(
    private readonly door: EngineDoor,
    @Inject(ROOT_ENGINE) private readonly name: string | undefined,
  ) {}

  @Get('health')
  @OpenToAll()
  health(): object {
    const engines = this.door.names();
    return { status: 'healthy', ...(this.name === undefined ? { engines } : { engine: this.name }) };
  }

  @All(['/', '*'])
  answer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.door.answer(this.name ?? '', '', request, reply);
  }
}
