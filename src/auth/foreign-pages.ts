import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { refuseForeignPages } from '../machinery/http/known-hosts.js';
import { isLoopback } from '../machinery/settings/read-settings.js';
import { Settings } from '../machinery/settings/settings.js';

/** Where nobody is asked who they are, because only this machine reaches the doors: keeps pages of others out of them. */
@Injectable()
export class ForeignPages {
  constructor(host: HttpAdapterHost, settings: Settings) {
    const { authMode, allowedHosts, publicUrl, a2aListenHost, corsOrigins } = settings;
    const isMeant = isLoopback(settings.host) || allowedHosts.length > 0;
    if (authMode.length > 0 || !isMeant) return;
    const own = [publicUrl && new URL(publicUrl).hostname, a2aListenHost?.toLowerCase()].filter(Boolean) as string[];
    const names = { hosts: [...allowedHosts, ...own], origins: corsOrigins };
    refuseForeignPages(host.httpAdapter.getInstance<FastifyInstance>(), names);
  }
}
