import { randomUUID } from 'node:crypto';
import { eventually } from '../harness/eventually.js';
import type { Replica } from './replica.js';
import type { Replicas } from './replicas.js';
import { AT_THE_DOOR } from './work.js';

const METHODS = ['message/send', 'message/send', 'message/send', 'message/stream'];

/** A message on its way. */
interface Sent {
  id: string;
  to: Replica;
  /** When its client had the answer, or knew that there is none. */
  end: Promise<number>;
}

/** Clients that send one message after the other, as through a Service: to the replicas that are not leaving, in turn. */
export class DoorClients {
  readonly failed: string[] = [];
  sent = 0;
  private readonly open = new Set<Sent>();
  private serving: Replica[];
  private stopped = false;
  private running: Promise<unknown> = Promise.resolve();

  private constructor(private readonly replicas: Replicas) {
    this.serving = [...replicas.all];
  }

  /** Begins when every replica knows the agent. */
  static async begin(replicas: Replicas): Promise<DoorClients> {
    const clients = new DoorClients(replicas);
    for (const { url } of replicas.all) await eventually(() => ask(url, 'message/send', randomUUID()));
    clients.running = Promise.all(METHODS.map((method) => clients.goOn(method)));
    return clients;
  }

  /** Takes a replica off the list, and returns the messages that are under way there: at least one. */
  leave(replica: Replica): Promise<Sent[]> {
    return eventually(async () => {
      this.serving = this.serving.filter((one) => one !== replica);
      await eventually(() => this.at(replica).every(({ id }) => this.hasArrived(id)));
      const open = this.at(replica);
      if (open.length > 0) return open;
      this.join(replica);
      throw new Error(`nobody waits for an answer of the replica that leaves; failed: ${this.failed.join('; ')}`);
    });
  }

  join(replica: Replica): void {
    this.serving.push(replica);
  }

  /** Resolves when the last message was answered. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private at(replica: Replica): Sent[] {
    return [...this.open].filter(({ to }) => to === replica);
  }

  /** Requests that are still on the wire are what a pod's seconds before SIGTERM are for. */
  private hasArrived(id: string): boolean {
    const queries = [...this.replicas.log.latest.values()];
    return queries.some(({ metadata }) => Object.values(metadata.annotations ?? {}).includes(id));
  }

  private async goOn(method: string): Promise<void> {
    while (!this.stopped) {
      const to = this.serving[this.sent % this.serving.length]!;
      const id = randomUUID();
      this.sent += 1;
      let isAnswered = true;
      const answer = ask(to.url, method, id).catch((error: Error) => {
        const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
        this.failed.push(`${method}: ${error.message}${cause}`);
        isAnswered = false;
      });
      const sent = { id, to, end: answer.then(() => Date.now()) };
      this.open.add(sent);
      await answer;
      this.open.delete(sent);
      // One is too many, and the others of this client would follow at once.
      if (!isAnswered) return;
    }
  }
}

/** @throws when the answer is not the agent's */
async function ask(url: string, method: string, messageId: string): Promise<void> {
  const message = { kind: 'message', role: 'user', messageId, parts: [{ kind: 'text', text: 'Are you there?' }] };
  const answer = await fetch(`${url}/ns/default/agent/${AT_THE_DOOR.name}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { message } }),
  });
  const text = await answer.text();
  const isWhole = method === 'message/send' || text.includes('"completed"');
  if (!answer.ok || !text.includes(AT_THE_DOOR.answer) || !isWhole) {
    throw new Error(`${answer.status} ${text.slice(-500)}`);
  }
}
