import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcp, type Server as TcpServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpExchange } from '../../../src/kube/client/http-exchange.js';
import { KubeClient } from '../../../src/kube/client/kube-client.js';
import { readKubeconfig } from '../../../src/kube/client/kubeconfig.js';
import { RemoteApiServer } from '../../../src/kube/remote/remote-api-server.js';
import { EmbeddedDoor } from '../../harness/embedded-door.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';

const NAMESPACE = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };
const KEY = { name: 'default' };

/** What reads the namespace `default` through a kubeconfig. */
const CLIENTS: [name: string, read: (path: string) => Promise<string>][] = [
  [
    'the runtime',
    async (path) => {
      const server = await RemoteApiServer.connect({ mode: 'kubeconfig', path });
      try {
        return (await server.get(NAMESPACE, KEY)).metadata.name;
      } finally {
        await server.close();
      }
    },
  ],
  [
    'the command line',
    async (path) => {
      const exchange = new HttpExchange(await readKubeconfig([path]));
      try {
        return (await new KubeClient(exchange).get(NAMESPACE, KEY)).metadata.name;
      } finally {
        exchange.close();
      }
    },
  ],
];

describe.each(CLIENTS)('a kubeconfig in the hands of %s', (_name, read) => {
  const folder = temporaryFolder({ keep: 'block' });
  let door: EmbeddedDoor;
  /** Leads to the door under an address that its certificate does not name. */
  let detour: TcpServer;
  let proxy: Server;
  let proxied: string[];
  beforeAll(async () => {
    door = await EmbeddedDoor.start();
    detour = createTcp((socket) => {
      const onward = connect(door.door.port, '127.0.0.1');
      socket.pipe(onward).pipe(socket);
      socket.on('error', () => onward.destroy());
      onward.on('error', () => socket.destroy());
    });
    await new Promise<void>((done) => detour.listen(0, '127.0.0.2', done));
    proxied = [];
    proxy = createServer().on('connect', (request, socket) => {
      proxied.push(request.url ?? '');
      const onward = connect(door.door.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        socket.pipe(onward).pipe(socket);
      });
      socket.on('error', () => onward.destroy());
      onward.on('error', () => socket.destroy());
    });
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  });
  afterAll(async () => {
    for (const server of [detour, proxy]) server?.close();
    proxy?.closeAllConnections();
    await door?.close();
  });

  const portOf = (server: TcpServer | Server) => (server.address() as AddressInfo).port;
  const authority = () => join(door.dataDir, 'pki', 'ca.crt');
  const kubeconfig = (cluster: object, user: object, home = folder()) => {
    const path = join(home, 'config');
    const config = {
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    };
    writeFileSync(path, JSON.stringify(config));
    return path;
  };

  it('may say which name the certificate of a server has', async () => {
    const cluster = { server: `https://127.0.0.2:${portOf(detour)}`, 'certificate-authority': authority() };
    const user = { token: door.token };
    await expect(read(kubeconfig(cluster, user))).rejects.toThrow('127.0.0.2');
    expect(await read(kubeconfig({ ...cluster, 'tls-server-name': 'localhost' }, user))).toBe('default');
    const wrong = { ...cluster, 'tls-server-name': 'elsewhere.example.com' };
    await expect(read(kubeconfig(wrong, user))).rejects.toThrow('elsewhere.example.com');
  });

  it('may name a proxy', async () => {
    const cluster = {
      server: `https://localhost:${door.door.port}`,
      'certificate-authority': authority(),
      'proxy-url': `http://127.0.0.1:${portOf(proxy)}`,
    };
    proxied = [];
    expect(await read(kubeconfig(cluster, { token: door.token }))).toBe('default');
    expect(proxied).toEqual([`localhost:${door.door.port}`]);
  });

  const plane = process.env.ARK_TEST_CONTROL_PLANE;
  (plane ? it : it.skip)('may name files of a client certificate, beside itself', async () => {
    const { server } = (await readKubeconfig([join(plane ?? '', 'admin.kubeconfig')])) as { server: string };
    const home = folder();
    mkdirSync(join(home, 'pki'));
    for (const file of ['ca.crt', 'admin.crt', 'admin.key', 'controllers.key'])
      copyFileSync(join(plane ?? '', 'pki', file), join(home, 'pki', file));
    const cluster = { server, 'certificate-authority': 'pki/ca.crt' };
    const user = { 'client-certificate': 'pki/admin.crt', 'client-key': 'pki/admin.key' };
    expect(await read(kubeconfig(cluster, user, home))).toBe('default');
    await expect(read(kubeconfig(cluster, {}, home))).rejects.toThrow('system:anonymous');
    const mismatch = { ...user, 'client-key': 'pki/controllers.key' };
    await expect(read(kubeconfig(cluster, mismatch, home))).rejects.toThrow();
  });
});
