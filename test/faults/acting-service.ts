import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service that acts once for each idempotency key, as a payment service would, and tells the second caller the same. */
export class ActingService {
  /** Keys under which each step of each run acted: `uid step` → keys. More than one is a double execution. */
  readonly acted = new Map<string, Set<string>>();
  /** Calls that were recognised as repeats. */
  repeats = 0;
  private readonly server = createServer((request, response) => void this.serve(request, response));

  /** @param delayMs between the act and the answer: who dies there does not know that it acted */
  private constructor(private readonly delayMs: number) {}

  static async listen(delayMs: number): Promise<ActingService> {
    const service = new ActingService(delayMs);
    await new Promise<void>((ready) => service.server.listen(0, '127.0.0.1', ready));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Steps that acted more than once. */
  doubles(): string[] {
    return [...this.acted].flatMap(([step, keys]) => (keys.size > 1 ? [step] : []));
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const key = String(request.headers['idempotency-key'] ?? '');
    const step = /^\/acts\/(\d+)$/.exec(request.url ?? '')?.[1];
    if (!key || !step) return void response.writeHead(400).end('no key, or no such act');
    const uid = key.split(':')[0];
    const name = `${uid} ${step}`;
    const keys = this.acted.get(name) ?? new Set();
    if (keys.has(key)) this.repeats += 1;
    this.acted.set(name, keys.add(key));
    await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    response.end(`act ${step} done`);
  }
}
