import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiServer } from '../../../src/kube/api-server/api-server.js';
import { RemoteApiServer } from '../../../src/kube/remote/remote-api-server.js';

/** An API server under test, opened for one file of cases. */
export interface OpenJudge {
  server: ApiServer;
  /** Present where the judge is reached over HTTP: for requests outside the port. */
  http?: RemoteApiServer;
  close(): Promise<void>;
}

export interface Judge {
  name: 'embedded' | 'embedded-door' | 'real';
  /** Reached over HTTP, so that raw requests can be made. */
  overHttp: boolean;
  /** Whether garbage is collected and namespaces are emptied; a bare kube-apiserver does neither. */
  controllers: boolean;
  open(): Promise<OpenJudge>;
}

async function openEmbedded() {
  const dataDir = mkdtempSync(join(tmpdir(), 'ark-contract-'));
  const { EmbeddedApiServer } = await import('../../../src/kube/embedded/embedded-api-server.js');
  const server = await EmbeddedApiServer.open({ dataDir, customResources: [], admissions: [] });
  return { dataDir, server };
}

const embedded: Judge = {
  name: 'embedded',
  overHttp: false,
  controllers: true,
  async open() {
    const { dataDir, server } = await openEmbedded();
    return {
      server,
      async close() {
        await server.close();
        rmSync(dataDir, { recursive: true, force: true });
      },
    };
  },
};

const embeddedDoor: Judge = {
  name: 'embedded-door',
  overHttp: true,
  controllers: true,
  async open() {
    const { dataDir, server } = await openEmbedded();
    const { ApiServerDoor } = await import('../../../src/kube/embedded/door/api-server-door.js');
    const door = await ApiServerDoor.listen({ server, dataDir, port: 0, version: '0.0.0-test' });
    const http = await RemoteApiServer.connect({ mode: 'kubeconfig', path: join(dataDir, 'kubeconfig') });
    return {
      server: http,
      http,
      async close() {
        await http.close();
        await door.close();
        await server.close();
        rmSync(dataDir, { recursive: true, force: true });
      },
    };
  },
};

/** The kubeconfig of a real API server: of the control plane of this run, or of a cluster that is meant for tests. */
function realKubeconfig(): string | undefined {
  const own = process.env.ARK_TEST_CONTROL_PLANE;
  if (own) return join(own, 'admin.kubeconfig');
  const given = process.env.ARK_TEST_KUBECONFIG;
  if (!given) return undefined;
  const context = /^current-context:\s*["']?([^\s"']+)/m.exec(readFileSync(given, 'utf8'))?.[1] ?? '';
  if (/^(kind|k3d|ark)-/.test(context)) return given;
  throw new Error(
    `ARK_TEST_KUBECONFIG: the context "${context}" is not for tests; its name must start with kind-, k3d- or ark-`,
  );
}

function realJudge(kubeconfig: string): Judge {
  const own = process.env.ARK_TEST_CONTROL_PLANE;
  return {
    name: 'real',
    overHttp: true,
    controllers: own === undefined || existsSync(join(own, 'controllers.pid')),
    async open() {
      const http = await RemoteApiServer.connect({ mode: 'kubeconfig', path: kubeconfig });
      return { server: http, http, close: () => http.close() };
    },
  };
}

const kubeconfig = realKubeconfig();

/** Every API server that the cases are run against. The real one is the truth. */
export const judges: Judge[] = [embedded, embeddedDoor, ...(kubeconfig ? [realJudge(kubeconfig)] : [])];
