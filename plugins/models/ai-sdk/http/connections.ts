import { guardedLookup } from 'nest-ark';
import { Agent, fetch, type RequestInit, type Response } from 'undici';

/** Kept-open connections of one provider. Names that lead to link-local addresses are not connected to. */
export class Connections {
  private agent?: Agent;

  /** A plain exchange: follows no redirect, so that no key travels to an address that nobody wrote down. */
  fetch(url: URL, init: RequestInit): Promise<Response> {
    // The callers' signals are the only clocks: a model may think for minutes before its first byte.
    this.agent ??= new Agent({
      connections: 256,
      keepAliveTimeout: 30_000,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { lookup: guardedLookup() },
    });
    return fetch(url, { ...init, dispatcher: this.agent, redirect: 'manual' });
  }

  async close(): Promise<void> {
    const agent = this.agent;
    this.agent = undefined;
    await agent?.destroy();
  }
}
