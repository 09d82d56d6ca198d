import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, fetch } from 'undici';
import { type EgressRules, guardedLookup, refuseEgress, unavailable } from '../../kit/index.js';
import { Settings } from '../../machinery/settings/settings.js';

/** A receiver that takes longer has not understood what a notification is. */
export const ANSWER_WITHIN_MS = 10_000;

/** The way to receivers of notifications, whose addresses strangers name. */
@Injectable()
export class PushConnection implements OnApplicationShutdown {
  private readonly rules: EgressRules;
  private readonly connections: Agent;

  constructor(settings: Settings) {
    this.rules = { loopback: settings.kubernetes !== 'in-cluster' };
    const connect = { lookup: guardedLookup(this.rules), timeout: ANSWER_WITHIN_MS };
    this.connections = new Agent({ connections: 8, connect });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connections.destroy();
  }

  /** @throws `Denied` for an address that nobody outside may make us call */
  refuse(url: URL): void {
    refuseEgress(url, this.rules);
  }

  /** Follows no redirect, and reads nothing of the answer but its status. @throws ArkError when it was not taken */
  async post(url: string, headers: Record<string, string>, body: string, signal: AbortSignal): Promise<void> {
    this.refuse(new URL(url));
    const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    const request = { method: 'POST', headers, body, signal: limit, dispatcher: this.connections };
    const response = await fetch(url, { ...request, redirect: 'manual' });
    await response.body?.cancel();
    if (!response.ok) throw unavailable(`the receiver answered ${response.status}`, { reason: 'UnexpectedStatus' });
  }
}
