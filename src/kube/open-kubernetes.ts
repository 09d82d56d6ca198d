import type { Logger } from '../kit/logger.js';
import type { UntypedObject } from '../kit/resource/object.js';
import type { Admission } from './api-server/admission.js';
import type { ApiServer } from './api-server/api-server.js';
import type { DoorChanges } from './door-changes.js';

export interface KubernetesOptions {
  mode: 'embedded' | 'in-cluster' | 'kubeconfig';
  /** Embedded: the folder of the store, the certificates and the kubeconfig. */
  dataDir: string;
  host: string;
  /** Embedded: the port of the HTTPS door; 0 takes a free one. */
  port: number;
  /** For `kubeconfig`: file and context; absent, the client's own defaults. */
  kubeconfig?: string;
  context?: string;
  customResources: UntypedObject[];
  admissions: Admission[];
  version: string;
  logger: Logger;
  /** Embedded: hears of what clients of the door change. A cluster has an audit log of its own. */
  changes?: DoorChanges;
}

/** The Kubernetes API this process works with, wherever it lives. */
export interface Kubernetes {
  server: ApiServer;
  /** Where clients find it. */
  address: string;
  /** Embedded: the kubeconfig written for clients. */
  kubeconfigPath?: string;
  /** Lets no client in any more; who is inside gets an answer. This process goes on working with the server. */
  closeDoor(): Promise<void>;
  /** Ends the door first, so that nobody writes to a store that closes. */
  close(): Promise<void>;
}

/** Opens the API server the settings name. Each kind is imported only when it is used: a remote client weighs much. */
export function openKubernetes(options: KubernetesOptions): Promise<Kubernetes> {
  return options.mode === 'embedded' ? openEmbedded(options) : connectRemote(options.mode, options);
}

async function openEmbedded(options: KubernetesOptions): Promise<Kubernetes> {
  const [{ EmbeddedApiServer }, { ApiServerDoor }] = await Promise.all([
    import('./embedded/embedded-api-server.js'),
    import('./embedded/door/api-server-door.js'),
  ]);
  const { dataDir, host, port, version, logger, customResources, admissions, changes } = options;
  const server = await EmbeddedApiServer.open({ dataDir, customResources, admissions });
  try {
    const door = await ApiServerDoor.listen({ server, dataDir, host, port, version, logger, changes });
    const closeDoor = () => door.close();
    const close = async () => {
      await closeDoor();
      await server.close();
    };
    return { server, address: door.url, kubeconfigPath: door.kubeconfigPath, closeDoor, close };
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function connectRemote(mode: 'in-cluster' | 'kubeconfig', options: KubernetesOptions): Promise<Kubernetes> {
  const { RemoteApiServer } = await import('./remote/remote-api-server.js');
  const { kubeconfig: path, context } = options;
  const server = await RemoteApiServer.connect(mode === 'in-cluster' ? { mode } : { mode, path, context });
  // The door of a cluster is not ours.
  return { server, address: server.address, closeDoor: async () => {}, close: () => server.close() };
}
