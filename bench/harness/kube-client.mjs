import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { load } from 'js-yaml';
import { Agent, request } from 'undici';

/** Just enough of a Kubernetes client to load a server: no cache, no retry, nothing between the clock and the wire. */
export class KubeClient {
  /** @param connect `ca`, and `cert` and `key` where there is no token */
  constructor(server, connect, token) {
    this.server = server;
    this.headers = { ...(token ? { authorization: `Bearer ${token}` } : {}), accept: 'application/json' };
    this.dispatcher = new Agent({ connect, connections: 128, pipelining: 1 });
    // A watch holds its connection as long as it lives.
    this.watches = new Agent({ connect, bodyTimeout: 0 });
  }

  static fromKubeconfig(file) {
    const config = load(readFileSync(file, 'utf8'));
    const cluster = config.clusters[0].cluster;
    const { user } = config.users[0];
    const text = (data) => (data === undefined ? undefined : Buffer.from(data, 'base64').toString());
    const certificate = { cert: text(user['client-certificate-data']), key: text(user['client-key-data']) };
    const ca = text(cluster['certificate-authority-data']);
    return new KubeClient(cluster.server, { ca, ...(certificate.cert ? certificate : {}) }, user.token);
  }

  async call(method, path, body) {
    const response = await request(this.server + path, {
      method,
      dispatcher: this.dispatcher,
      headers: { ...this.headers, ...(body ? { 'content-type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    });
    const text = await response.body.text();
    if (response.statusCode >= 400) throw new Error(`${method} ${path}: ${response.statusCode} ${text.slice(0, 300)}`);
    return text;
  }

  async create(path, object) {
    return JSON.parse(await this.call('POST', path, object));
  }

  /** Calls `onEvent({type, object})` for each change; returns the way to stop once the watch is established. */
  watch(path, onEvent, onEnd) {
    return this.watchLines(path, (line) => onEvent(JSON.parse(line)), onEnd);
  }

  /** The same with the bare text of each event: nothing of the client's parsing is in the time. */
  async watchLines(path, onLine, onEnd = () => {}) {
    const stop = new AbortController();
    const list = JSON.parse(await this.call('GET', `${path}?limit=1`));
    const query = `watch=true&resourceVersion=${list.metadata.resourceVersion}`;
    const response = await request(`${this.server}${path}?${query}`, {
      dispatcher: this.watches,
      headers: this.headers,
      signal: stop.signal,
    });
    const lines = createInterface({ input: response.body });
    lines.on('line', (line) => line && onLine(line));
    // Stopping ends the stream in the middle of a line.
    for (const source of [response.body, lines]) source.on('error', () => {});
    response.body.on('close', () => stop.signal.aborted || onEnd());
    return () => stop.abort();
  }

  async close() {
    await Promise.all([this.dispatcher.destroy(), this.watches.destroy()]);
  }
}
