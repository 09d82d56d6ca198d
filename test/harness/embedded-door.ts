import { existsSync, realpathSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { load } from 'js-yaml';
import type { UntypedObject } from '../../src/kit/resource/object.js';
import { ApiServerDoor } from '../../src/kube/embedded/door/api-server-door.js';
import { EmbeddedApiServer } from '../../src/kube/embedded/embedded-api-server.js';
import { type CommandResult, run } from './runtime.js';

export interface HttpAnswer {
  code: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The body as JSON; throws when it is none. */
  json(): Record<string, unknown>;
}

export interface HttpAsk {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Default: the administrator's. */
  token?: string | null;
}

/** Every kubectl there is, by its version's folder: first that of KUBEBUILDER_ASSETS, then those of PATH. */
export function kubectls(): string[] {
  const folders = [process.env.KUBEBUILDER_ASSETS, ...(process.env.PATH ?? '').split(':')];
  const files = folders
    .flatMap((folder) => (folder ? [join(folder, 'kubectl')] : []))
    .filter((file) => existsSync(file));
  return [...new Map(files.map((file) => [realpathSync(file), file])).values()];
}

/** The embedded API server with its door, in the process of the test and on a folder of its own. */
export class EmbeddedDoor {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 16 });

  private constructor(
    readonly dataDir: string,
    readonly server: EmbeddedApiServer,
    public door: ApiServerDoor,
    private readonly authority: string,
    readonly token: string,
  ) {}

  /** Installs the CRD files of `crds/` that are named, e.g. `agents`. */
  static async start(...definitions: string[]): Promise<EmbeddedDoor> {
    const dataDir = await mkdtemp(join(tmpdir(), 'ark-door-'));
    const customResources = await Promise.all(
      definitions.map(async (plural) => {
        const text = await readFile(resolve('crds', `ark.mckinsey.com_${plural}.yaml`), 'utf8');
        return load(text) as UntypedObject;
      }),
    );
    const server = await EmbeddedApiServer.open({ dataDir, customResources, admissions: [] });
    const door = await ApiServerDoor.listen({ server, dataDir, port: 0, version: '0.0.0-test' });
    const authority = await readFile(join(dataDir, 'pki', 'ca.crt'), 'utf8');
    const token = (await readFile(join(dataDir, 'token'), 'utf8')).trim();
    return new EmbeddedDoor(dataDir, server, door, authority, token);
  }

  get kubeconfig(): string {
    return this.door.kubeconfigPath;
  }

  /** Opens a closed door again, on another port of the same folder. Default: a free port. */
  async reopen(port = 0): Promise<number> {
    const { server, dataDir } = this;
    this.door = await ApiServerDoor.listen({ server, dataDir, port, version: '0.0.0-test' });
    return this.door.port;
  }

  /** One HTTPS request with the token of the administrator. */
  ask(path: string, ask: HttpAsk = {}): Promise<HttpAnswer> {
    const { method = 'GET', body, token = this.token } = ask;
    const headers: Record<string, string> = {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      // Node sends the body of a DELETE without its length, and the server would take it for the next request.
      ...(body !== undefined && !ask.headers?.['transfer-encoding']
        ? { 'content-length': String(Buffer.byteLength(body)) }
        : {}),
      ...ask.headers,
    };
    const target = { host: '127.0.0.1', port: this.door.port, path, method, headers };
    return new Promise((done, fail) => {
      const sent = request({ ...target, ca: this.authority, agent: this.agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', fail);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const json = () => JSON.parse(text) as Record<string, unknown>;
          done({ code: response.statusCode ?? 0, headers: response.headers, text, json });
        });
      });
      sent.on('error', fail);
      sent.end(body);
    });
  }

  /** A kubectl with a home and a cache of its own. */
  kubectl(
    file: string,
    args: string[],
    options: { input?: string; env?: NodeJS.ProcessEnv } = {},
  ): Promise<CommandResult> {
    const env = { KUBECONFIG: this.kubeconfig, HOME: this.dataDir, ...options.env };
    const cache = join(this.dataDir, 'kubectl-cache');
    return run(file, ['--cache-dir', cache, ...args], { env, input: options.input });
  }

  async close(): Promise<void> {
    this.agent.destroy();
    await this.door.close();
    await this.server.close();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
