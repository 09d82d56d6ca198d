import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { load } from 'js-yaml';
import { Agent, request } from 'undici';

interface KubeconfigFile {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { user: { 'client-certificate-data': string; 'client-key-data': string } }[];
}

/** The API server as the test sees it, past everything that stands in the way of the replicas. */
export class ClusterClient {
  private readonly agent: Agent;

  constructor(
    private readonly server: string,
    connect: { ca: string; cert: string; key: string },
  ) {
    this.agent = new Agent({ connect, bodyTimeout: 0 });
  }

  static of(kubeconfig: string): ClusterClient {
    const file = load(readFileSync(kubeconfig, 'utf8')) as KubeconfigFile;
    const { cluster } = file.clusters[0]!;
    const { user } = file.users[0]!;
    const text = (data: string) => Buffer.from(data, 'base64').toString();
    return new ClusterClient(cluster.server, {
      ca: text(cluster['certificate-authority-data']),
      cert: text(user['client-certificate-data']),
      key: text(user['client-key-data']),
    });
  }

  async call<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<T> {
    const { statusCode, body: answer } = await request(this.server + path, {
      method,
      dispatcher: this.agent,
      headers: { 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (statusCode >= 300) throw new Error(`${method} ${path}: ${statusCode} ${text.slice(0, 500)}`);
    return JSON.parse(text) as T;
  }

  /** The objects of one watch, until it ends for whatever reason. */
  async *watch<T>(path: string, resourceVersion: string, signal: AbortSignal): AsyncIterable<T> {
    const url = `${this.server}${path}?watch=true&resourceVersion=${resourceVersion}`;
    const response = await request(url, { dispatcher: this.agent, signal });
    for await (const line of createInterface({ input: response.body })) {
      if (line) yield (JSON.parse(line) as { object: T }).object;
    }
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }
}
