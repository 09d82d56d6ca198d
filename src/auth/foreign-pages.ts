import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { refuseForeignPages } from '../machinery/http/known-hosts.js';
import { Settings } from '../machinery/settings/settings.js';

/** Where nobody is asked who they are, because only this machine reaches the doors: keeps pages of others out of them. */
@Injectable()
export class ForeignPages {
  constructor(host: HttpAdapterHost, settings: Settings) {
    if (settings.authMode.length > 0) return;
    const door = { ...settings, remedy: 'set ARK_AUTH_MODE=token' };
    refuseForeignPages(host.httpAdapter.getInstance<FastifyInstance>(), door);
  }
}
