import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { load } from 'js-yaml';
import { Agent, request } from 'undici';

interface KubeconfigFile {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { user: { token?: string; 'client-certificate-data'?: string; 'client-key-data'?: string } }[];
}

/** An API server as a test sees it: with the rights of a kubeconfig, and past everything that stands in a replica's way. */
export class ClusterClient {
  private readonly agent: Agent;

  constructor(
    private readonly server: string,
    connect: { ca: string; cert?: string; key?: string },
    private readonly headers: Record<string, string> = {},
  ) {
    this.agent = new Agent({ connect, bodyTimeout: 0 });
  }

  static of(kubeconfig: string): ClusterClient {
    const file = load(readFileSync(kubeconfig, 'utf8')) as KubeconfigFile;
    const { cluster } = file.clusters[0]!;
    const { user } = file.users[0]!;
    const text = (data = '') => Buffer.from(data, 'base64').toString();
    const ca = text(cluster['certificate-authority-data']);
    if (user.token) return new ClusterClient(cluster.server, { ca }, { authorization: `Bearer ${user.token}` });
    const cert = text(user['client-certificate-data']);
    return new ClusterClient(cluster.server, { ca, cert, key: text(user['client-key-data']) });
  }

  async call<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<T> {
    const { statusCode, body: answer } = await request(this.server + path, {
      method,
      dispatcher: this.agent,
      headers: { ...this.headers, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (statusCode >= 300) throw new Error(`${method} ${path}: ${statusCode} ${text.slice(0, 500)}`);
    return JSON.parse(text) as T;
  }

  /** The objects of one watch, until it ends for whatever reason. */
  async *watch<T>(path: string, resourceVersion: string, signal: AbortSignal): AsyncIterable<T> {
    const url = `${this.server}${path}?watch=true&resourceVersion=${resourceVersion}`;
    const response = await request(url, { dispatcher: this.agent, headers: this.headers, signal });
    for await (const line of createInterface({ input: response.body })) {
      if (line) yield (JSON.parse(line) as { object: T }).object;
    }
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }
}
