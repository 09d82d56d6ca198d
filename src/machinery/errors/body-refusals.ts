import type { FastifyReply, FastifyRequest } from 'fastify';

/** Says in a door's own protocol why a body is not taken. Returns false when the request is none of the door's. */
export type BodyRefusal = (status: number, detail: string, request: FastifyRequest, reply: FastifyReply) => boolean;

/** Too large, and of a type that nobody reads. */
const REFUSED_BODY = [413, 415];

/** Doors whose protocol has words of its own for bodies that are refused before any route sees them. */
export class BodyRefusals {
  private readonly doors: BodyRefusal[] = [];

  add(door: BodyRefusal): void {
    this.doors.push(door);
  }

  /** Whether a door has taken the refusal over. */
  tell(status: number, detail: string, request: FastifyRequest, reply: FastifyReply): boolean {
    return REFUSED_BODY.includes(status) && this.doors.some((door) => door(status, detail, request, reply));
  }
}
