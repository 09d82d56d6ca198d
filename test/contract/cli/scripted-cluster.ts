import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

type Json = Record<string, unknown>;
interface StoredQuery extends Json {
  metadata: { name: string; uid: string; namespace: string; annotations: Record<string, string> };
  spec: Json & { cancel?: boolean };
  status?: Json;
}

/** The least of a cluster that a query needs: one agent, queries that can be watched, and a stream of chunks. */
export class ScriptedCluster {
  readonly queries = new Map<string, StoredQuery>();
  readonly deleted: string[] = [];
  /** Statuses a new Query goes through, 20 ms apart. */
  statuses: Json[] = [{ phase: 'running' }, { phase: 'done', response: { content: 'Hello back' } }];
  /** Text deltas of the stream; undefined: there is no stream. */
  deltas?: string[];
  /** The token that is accepted. */
  token = 'secret-token';
  private version = 1;
  private readonly watchers = new Set<ServerResponse>();
  private server = this.newServer();

  private constructor(
    readonly folder: string,
    private readonly user: Json,
  ) {}

  /** Listens, and puts a kubeconfig and endpoints into the folder. `user` is who the kubeconfig signs in. */
  static async start(folder: string, user: Json = { token: 'secret-token' }): Promise<ScriptedCluster> {
    const cluster = new ScriptedCluster(folder, user);
    await cluster.listen();
    return cluster;
  }

  /** Goes away and comes back on another port with all its objects, as a runtime that is started again. */
  async move(): Promise<void> {
    const before = this.server;
    this.server = this.newServer();
    // Listens first: the port of before must not be given again.
    await this.listen();
    before.closeAllConnections();
    await new Promise((done) => before.close(done));
  }

  private newServer(): Server {
    return createServer((request, response) => void this.serve(request, response));
  }

  private async listen(): Promise<void> {
    await new Promise<void>((ready) => this.server.listen(0, '127.0.0.1', ready));
    const kubeconfig = {
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u', namespace: 'default' } }],
      clusters: [{ name: 'c', cluster: { server: this.url } }],
      users: [{ name: 'u', user: this.user }],
    };
    await writeFile(join(this.folder, 'kubeconfig'), JSON.stringify(kubeconfig));
    const endpoints = { http: this.url, apiServer: this.url, pid: process.pid, version: '0.0.0' };
    await writeFile(join(this.folder, 'endpoints.json'), JSON.stringify(endpoints));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  endWatches(): void {
    for (const watcher of this.watchers) watcher.end();
    this.watchers.clear();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    const [, , , , , , plural, name] = pathname.split('/');
    if (pathname.startsWith('/stream/')) return this.stream(response);
    if (request.headers.authorization !== `Bearer ${this.token}`) return refuse(response, 401, 'Unauthorized');
    if (plural === 'agents' && name === 'parrot') return send(response, { metadata: { name } });
    if (plural === 'agents' && !name) return send(response, { items: [{ metadata: { name: 'parrot' } }] });
    if (searchParams.has('watch')) return this.watch(response);
    if (plural === 'queries' && request.method === 'POST') {
      return send(response, this.create(JSON.parse(await text(request)) as StoredQuery), 201);
    }
    const stored = this.queries.get(name ?? '');
    if (plural !== 'queries' || !stored) return refuse(response, 404, 'NotFound', `${plural} "${name}" not found`);
    if (request.method === 'DELETE') this.deleted.push(stored.metadata.name);
    if (request.method === 'PATCH') {
      Object.assign(stored.spec, (JSON.parse(await text(request)) as StoredQuery).spec);
      if (stored.spec.cancel) this.put(stored, { phase: 'canceled' });
    }
    send(response, stored);
  }

  private create(query: StoredQuery): StoredQuery {
    query.metadata.uid = `uid-${this.version}`;
    this.put(query, undefined);
    this.statuses.forEach((status, index) => {
      setTimeout(() => this.put(query, status), 20 * (index + 1)).unref();
    });
    return query;
  }

  put(query: StoredQuery, status: Json | undefined): void {
    if (query.status?.phase === 'canceled') return;
    this.version += 1;
    const next = { ...query, metadata: { ...query.metadata, resourceVersion: String(this.version) }, status };
    Object.assign(query, next);
    this.queries.set(query.metadata.name, next);
    for (const watcher of this.watchers) watcher.write(`${JSON.stringify({ type: 'MODIFIED', object: next })}\n`);
  }

  private watch(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    for (const query of this.queries.values()) {
      response.write(`${JSON.stringify({ type: 'MODIFIED', object: query })}\n`);
    }
    this.watchers.add(response);
    response.on('close', () => this.watchers.delete(response));
  }

  private stream(response: ServerResponse): void {
    if (!this.deltas) {
      refuse(response, 404, 'NotFound');
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const content of this.deltas) {
      const chunk = { choices: [{ index: 0, delta: { content } }], ark: { agent: 'parrot' } };
      response.write(`id: 1\ndata: ${JSON.stringify(chunk)}\n\n`);
    }
    response.end('data: [DONE]\n\n');
  }
}

function send(response: ServerResponse, body: unknown, code = 200): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const refuse = (response: ServerResponse, code: number, reason: string, message = reason) =>
  send(response, { kind: 'Status', status: 'Failure', reason, message, code }, code);

async function text(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
