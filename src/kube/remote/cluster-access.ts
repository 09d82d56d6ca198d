import { statSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import type { Cluster, Context, KubeConfig } from '@kubernetes/client-node';
import { errorText, invalid } from '../../kit/errors/ark-error.js';

/** Which cluster, and as whom. Without `path`: `$KUBECONFIG`, else `~/.kube/config`, as kubectl does. */
export type ConnectOptions = { mode: 'in-cluster' } | { mode: 'kubeconfig'; path?: string; context?: string };

/** TLS material of a connection, as `tls.connect` takes it. */
export interface TlsMaterial {
  ca?: string | Buffer;
  cert?: string | Buffer;
  key?: string | Buffer;
  rejectUnauthorized?: boolean;
  servername?: string;
}

export interface Credentials {
  headers: Record<string, string>;
  tls: TlsMaterial;
}

/** Files and exec plugins are asked again after so many milliseconds, so that a rotated token is taken up. */
const FRESH_FOR_MS = 10_000;
const BURST_MS = 500;

/** The address of a cluster and the credentials for it, which may change while the process runs. */
export class ClusterAccess {
  readonly server: string;
  readonly defaultNamespace: string;
  readonly contextName: string;
  readonly proxyUrl?: string;
  private fresh?: { at: number; credentials: Promise<Credentials> };

  private constructor(
    private config: KubeConfig,
    private readonly reload: () => KubeConfig,
    cluster: Cluster,
    context: Context,
  ) {
    this.server = cluster.server.replace(/\/+$/, '');
    this.proxyUrl = cluster.proxyUrl;
    this.defaultNamespace = context.namespace?.trim() || 'default';
    this.contextName = context.name;
  }

  static async load(options: ConnectOptions): Promise<ClusterAccess> {
    // Imported here because it costs most of a second and 80 MiB, which the embedded mode must not pay.
    const { KubeConfig: Loader } = await import('@kubernetes/client-node');
    const reload = () => loadConfig(new Loader(), options);
    const config = reload();
    const name = config.getCurrentContext();
    const from = sourceText(options);
    const context = config.getContextObject(name);
    if (!context) {
      const known = config.getContexts().map((each) => each.name);
      throw invalid(`${from} has no context "${name}"; it has: ${known.join(', ') || 'none'}`);
    }
    const cluster = config.getCurrentCluster();
    if (!cluster?.server) {
      throw invalid(`context "${name}" of ${from} names the cluster "${context.cluster}", which has no server address`);
    }
    if (!config.getCurrentUser()) {
      throw invalid(`context "${name}" of ${from} names the user "${context.user}", which is not in it`);
    }
    if (cluster.proxyUrl?.startsWith('socks')) {
      throw invalid(`cluster "${cluster.name}" of ${from} wants a SOCKS proxy; use an HTTP proxy instead`);
    }
    return new ClusterAccess(config, reload, cluster, context);
  }

  /** Present credentials; asks files and plugins at most every ten seconds. */
  credentials(): Promise<Credentials> {
    const now = Date.now();
    if (this.fresh && now < this.fresh.at + FRESH_FOR_MS) return this.fresh.credentials;
    const fresh = { at: now, credentials: this.ask(this.config) };
    this.fresh = fresh;
    fresh.credentials.catch(() => {
      if (this.fresh === fresh) this.fresh = undefined;
    });
    return fresh.credentials;
  }

  /** The server refused the credentials: everything is read anew, past every cache, but once for a burst of refusals. */
  forget(): void {
    if (!this.fresh || Date.now() < this.fresh.at + BURST_MS) return;
    this.config = this.reload();
    this.fresh = undefined;
  }

  private async ask(config: KubeConfig): Promise<Credentials> {
    const options: RequestOptions = {};
    try {
      await config.applyToHTTPSOptions(options);
    } catch (error) {
      throw invalid(`no credentials for ${this.server} (context "${this.contextName}"): ${errorText(error)}`, {
        cause: error,
      });
    }
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(options.headers ?? {})) {
      // Token files may end with a line break, which is no legal header.
      if (value !== undefined) headers[name.toLowerCase()] = String(value).trim();
    }
    if (options.auth) headers.authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
    const { ca, cert, key, rejectUnauthorized, servername } = options as TlsMaterial;
    return { headers, tls: { ca, cert, key, rejectUnauthorized, servername } };
  }
}

function loadConfig(config: KubeConfig, options: ConnectOptions): KubeConfig {
  if (options.mode === 'in-cluster') {
    if (!process.env.KUBERNETES_SERVICE_HOST) {
      throw invalid(
        'not in a cluster: KUBERNETES_SERVICE_HOST is not set; choose ARK_KUBERNETES=kubeconfig or embedded',
      );
    }
    config.loadFromCluster();
  } else {
    loadFile(config, options);
  }
  // The library refuses plain HTTP otherwise, where kubectl allows it.
  for (const cluster of config.getClusters()) {
    if (cluster.server?.startsWith('http:')) Object.assign(cluster, { skipTLSVerify: true });
  }
  return config;
}

function loadFile(config: KubeConfig, options: { path?: string; context?: string }): void {
  if (options.path && !statSync(options.path, { throwIfNoEntry: false })) {
    throw invalid(`the kubeconfig ${options.path} does not exist`);
  }
  try {
    if (options.path) config.loadFromFile(options.path);
    else config.loadFromDefault();
  } catch (error) {
    throw invalid(`${sourceText({ mode: 'kubeconfig', ...options })} cannot be read: ${errorText(error)}`, {
      cause: error,
    });
  }
  if (options.context) config.setCurrentContext(options.context);
}

function sourceText(options: ConnectOptions): string {
  if (options.mode === 'in-cluster') return 'the service account';
  return options.path ? `the kubeconfig ${options.path}` : 'the kubeconfig';
}
