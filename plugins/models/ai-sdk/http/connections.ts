import { type EgressRules, guardedLookup } from 'nest-ark';
import { Agent, fetch, type RequestInit, type Response } from 'undici';

/** Kept-open connections of one provider. Names that lead to link-local addresses are not connected to. */
export class Connections {
  private readonly agents = new Map<boolean, Agent>();

  /** A plain exchange: follows no redirect, so that no key travels to an address that nobody wrote down. */
  fetch(url: URL, init: RequestInit, rules: EgressRules = {}): Promise<Response> {
    return fetch(url, { ...init, dispatcher: this.agentFor(rules), redirect: 'manual' });
  }

  async close(): Promise<void> {
    const agents = [...this.agents.values()];
    this.agents.clear();
    await Promise.all(agents.map((agent) => agent.destroy()));
  }

  private agentFor({ loopback = true }: EgressRules): Agent {
    const known = this.agents.get(loopback);
    if (known) return known;
    const agent = new Agent({
      connections: 256,
      keepAliveTimeout: 30_000,
      // The callers' signals are the only clocks: a model may think for minutes before its first byte.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { lookup: guardedLookup({ loopback }) },
    });
    this.agents.set(loopback, agent);
    return agent;
  }
}
