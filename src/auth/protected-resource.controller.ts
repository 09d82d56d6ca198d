import { Controller, Get, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { notFound } from '../kit/index.js';
import { calledAddress } from '../machinery/http/called-address.js';
import { DoorProofs } from '../machinery/http/door-proofs.js';
import { OpenToAll } from '../machinery/http/route-access.js';
import { RESOURCE_METADATA } from './challenge.js';

/** Tells programs that only know the address whose tokens open the doors. */
@Controller()
export class ProtectedResourceController {
  constructor(private readonly proofs: DoorProofs) {}

  /**
   * RFC 9728, e.g. `{"resource":"https://ark.example.com","authorization_servers":["https://login.example.com"],
   * "bearer_methods_supported":["header"]}`.
   *
   * @throws `NotFound` where no issuer's tokens are taken
   */
  @Get(RESOURCE_METADATA)
  @OpenToAll()
  metadata(@Req() request: FastifyRequest): object {
    const issuers = this.proofs.all.flatMap(({ issuer }) => issuer ?? []);
    if (issuers.length === 0) {
      throw notFound(
        'no issuer gives out tokens for this address: ask its owner for an API key, if it wants any proof',
      );
    }
    return {
      resource: calledAddress(request),
      authorization_servers: issuers,
      bearer_methods_supported: ['header'],
    };
  }
}
