/** Calls of one host at once. A host that hangs keeps only its own callers waiting. */
const AT_ONCE = 32;

interface Host {
  busy: number;
  waiting: Set<() => void>;
}

/** Turns at foreign hosts: many hosts at once, each asked by a few at a time. */
export class HostTurns {
  private readonly hosts = new Map<string, Host>();

  /**
   * Works when it is the host's turn.
   *
   * @throws what the signal was aborted with, when that comes first
   */
  async at<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const host = this.hosts.get(name) ?? { busy: 0, waiting: new Set() };
    this.hosts.set(name, host);
    if (host.busy < AT_ONCE) host.busy += 1;
    else await turn(host, signal);
    try {
      return await work();
    } finally {
      const next = host.waiting.values().next().value;
      // The next one takes this turn over.
      if (next) next();
      else host.busy -= 1;
      if (host.busy === 0) this.hosts.delete(name);
    }
  }
}

function turn(host: Host, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      host.waiting.delete(go);
      signal.removeEventListener('abort', giveUp);
    };
    const go = () => {
      leave();
      resolve();
    };
    const giveUp = () => {
      leave();
      reject(signal.reason as Error);
    };
    host.waiting.add(go);
    signal.addEventListener('abort', giveUp, { once: true });
  });
}
