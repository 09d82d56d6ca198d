import { discover, findKind, type OfferedKind } from '../../kube/client/discovery.js';
import { HttpExchange } from '../../kube/client/http-exchange.js';
import { KubeClient } from '../../kube/client/kube-client.js';
import type { Terminal } from '../terminal.js';
import { ARK_GROUP } from './ark-kinds.js';
import { type ClusterChoice, type Location, locate } from './locate.js';

const connect = (location: Location) => new KubeClient(new HttpExchange(location.connection));

/** An open connection to one cluster, with the namespace the person works in. */
export class Cluster {
  private offered?: Promise<OfferedKind[]>;
  private current: KubeClient;

  constructor(
    private place: Location,
    readonly namespace: string,
    /** An address of the HTTP door that holds whatever the data folder says. */
    private readonly givenApiUrl: string | undefined,
    private readonly find: () => Promise<Location>,
  ) {
    this.current = connect(place);
  }

  /** To be asked for at each use: `relocate` may have replaced it. */
  get client(): KubeClient {
    return this.current;
  }

  get location(): Location {
    return this.place;
  }

  /** Base address of the runtime's HTTP door, when known. */
  get apiUrl(): string | undefined {
    return (this.givenApiUrl || this.place.endpoints?.http)?.replace(/\/+$/, '');
  }

  /** Reads the data folder again: a runtime that was started again may listen on other ports. */
  async relocate(): Promise<void> {
    if (!this.place.dataDir) return;
    // While a runtime starts its files may be half there; the next try finds them.
    const found = await this.find().catch(() => undefined);
    if (found?.dataDir !== this.place.dataDir) return;
    const moved = found.connection.server !== this.place.connection.server;
    this.place = found;
    if (!moved) return;
    this.current.close();
    this.current = connect(found);
  }

  kinds(): Promise<OfferedKind[]> {
    this.offered ??= discover(this.client);
    return this.offered;
  }

  /** The kind a person means by `word`; kinds of Ark win over namesakes. */
  async kind(word: string): Promise<OfferedKind> {
    return findKind(await this.kinds(), word, ARK_GROUP);
  }

  close(): void {
    this.current.close();
  }
}

export interface ClusterOptions extends ClusterChoice {
  namespace?: string;
}

/** Opens the cluster that flags and environment point to. Nothing is sent yet. */
export async function openCluster(terminal: Terminal, options: ClusterOptions): Promise<Cluster> {
  const find = () => locate(terminal, options);
  const location = await find();
  const namespace = options.namespace ?? (terminal.env.ARK_NAMESPACE || location.connection.namespace);
  return new Cluster(location, namespace, terminal.env.ARK_API_URL, find);
}
