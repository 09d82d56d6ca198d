import { discover, findKind, type OfferedKind } from '../../kube/client/discovery.js';
import { HttpExchange } from '../../kube/client/http-exchange.js';
import { KubeClient } from '../../kube/client/kube-client.js';
import type { Terminal } from '../terminal.js';
import { ARK_GROUP } from './ark-kinds.js';
import { type ClusterChoice, type Location, locate } from './locate.js';

/** An open connection to one cluster, with the namespace the person works in. */
export class Cluster {
  private offered?: Promise<OfferedKind[]>;

  constructor(
    readonly client: KubeClient,
    readonly namespace: string,
    readonly location: Location,
    /** Base address of the runtime's HTTP door, when known. */
    readonly apiUrl: string | undefined,
  ) {}

  kinds(): Promise<OfferedKind[]> {
    this.offered ??= discover(this.client);
    return this.offered;
  }

  /** The kind a person means by `word`; kinds of Ark win over namesakes. */
  async kind(word: string): Promise<OfferedKind> {
    return findKind(await this.kinds(), word, ARK_GROUP);
  }

  close(): void {
    this.client.close();
  }
}

export interface ClusterOptions extends ClusterChoice {
  namespace?: string;
}

/** Opens the cluster that flags and environment point to. Nothing is sent yet. */
export async function openCluster(terminal: Terminal, options: ClusterOptions): Promise<Cluster> {
  const location = await locate(terminal, options);
  const client = new KubeClient(new HttpExchange(location.connection));
  const namespace = options.namespace ?? (terminal.env.ARK_NAMESPACE || location.connection.namespace);
  const apiUrl = terminal.env.ARK_API_URL || location.endpoints?.http;
  return new Cluster(client, namespace, location, apiUrl?.replace(/\/+$/, ''));
}
