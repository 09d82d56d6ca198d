import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RemoteApiServer, type RemoteOptions } from '../../../src/kube/remote/remote-api-server.js';
import { eventually } from '../../harness/eventually.js';
import { freePort } from '../../harness/free-port.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';

const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };
const KEY = { namespace: 'home', name: 'one' };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const ok = (response: ServerResponse, body: unknown = { metadata: { name: 'one' } }) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));

describe('The remote API server', () => {
  const folder = temporaryFolder();
  let peer: Server;
  let answer: Answer;
  let connections: number;
  let opened: RemoteApiServer[];

  beforeEach(async () => {
    opened = [];
    connections = 0;
    peer = createServer((request, response) => answer(request, response));
    peer.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await Promise.all(opened.map((server) => server.close()));
    peer.closeAllConnections();
    await new Promise((resolve) => peer.close(resolve));
  });

  const address = () => `http://127.0.0.1:${(peer.address() as AddressInfo).port}`;
  const kubeconfig = (server: string, user: object = {}) => {
    const path = join(folder(), 'config');
    const config = {
      clusters: [{ name: 'c', cluster: { server } }],
      users: [{ name: 'u', user }],
      contexts: [
        { name: 'x', context: { cluster: 'c', user: 'u', namespace: 'home' } },
        { name: 'y', context: { cluster: 'c', user: 'u' } },
        { name: 'lost', context: { cluster: 'c', user: 'nobody' } },
      ],
      'current-context': 'x',
    };
    writeFileSync(path, JSON.stringify(config));
    return path;
  };
  const connect = async (path: string, context?: string, remote?: RemoteOptions) => {
    const server = await RemoteApiServer.connect({ mode: 'kubeconfig', path, context }, remote);
    opened.push(server);
    return server;
  };

  it('knows the namespace of its context', async () => {
    const path = kubeconfig(address());
    expect((await connect(path)).defaultNamespace).toBe('home');
    expect((await connect(path, 'y')).defaultNamespace).toBe('default');
  });

  it('says what is wrong with a kubeconfig', async () => {
    const path = kubeconfig(address());
    await expect(connect(path, 'z')).rejects.toThrow(`the kubeconfig ${path} has no context "z"; it has: x, y, lost`);
    await expect(connect(path, 'lost')).rejects.toThrow(`names the user "nobody", which is not in it`);
    await expect(connect('/nowhere/config')).rejects.toThrow('the kubeconfig /nowhere/config does not exist');
    await expect(RemoteApiServer.connect({ mode: 'in-cluster' })).rejects.toThrow('KUBERNETES_SERVICE_HOST is not set');
  });

  it('keeps its connection', async () => {
    answer = (_, response) => ok(response);
    const server = await connect(kubeconfig(address()));
    for (let turn = 0; turn < 30; turn++) await server.get(CONFIG_MAP, KEY);
    expect(connections).toBeLessThanOrEqual(2);
  });

  it('bounds the connections of a crowd, and serves it whole', async () => {
    answer = (_, response) => setTimeout(() => ok(response), 5);
    const server = await connect(kubeconfig(address()));
    const crowd = await Promise.all(Array.from({ length: 500 }, () => server.get(CONFIG_MAP, KEY)));
    expect(crowd).toHaveLength(500);
    expect(connections).toBeLessThanOrEqual(64);
  });

  it('asks below the path of the server address, with its user agent', async () => {
    let seen = '';
    answer = (request, response) => {
      seen = `${request.url} ${request.headers['user-agent']}`;
      ok(response);
    };
    const server = await connect(kubeconfig(`${address()}/k8s/clusters/c-1/`), undefined, { userAgent: 'ark-test/1' });
    await server.get(CONFIG_MAP, KEY);
    expect(seen).toBe('/k8s/clusters/c-1/api/v1/namespaces/home/configmaps/one ark-test/1');
  });

  it('names a server that cannot be reached', async () => {
    const server = await connect(kubeconfig(`http://127.0.0.1:${await freePort()}`));
    await expect(server.get(CONFIG_MAP, KEY)).rejects.toMatchObject({
      family: 'Unavailable',
      message: expect.stringMatching(
        /^the API server http:\/\/127\.0\.0\.1:\d+ cannot be reached: connect ECONNREFUSED/,
      ),
    });
  });

  it('gives up on a server that does not answer in time', async () => {
    answer = () => undefined;
    const server = await connect(kubeconfig(address()), undefined, { timeoutMs: 200 });
    await expect(server.get(CONFIG_MAP, KEY)).rejects.toMatchObject({
      family: 'Timeout',
      message: expect.stringContaining('did not answer GET /api/v1/namespaces/home/configmaps/one within 0.2 s'),
    });
  });

  it('reads the token file anew when the server refuses the old token', async () => {
    const tokenFile = join(folder(), 'token');
    writeFileSync(tokenFile, 'old\n');
    const seen: string[] = [];
    answer = (request, response) => {
      seen.push(String(request.headers.authorization));
      if (request.headers.authorization === 'Bearer new') ok(response);
      else response.writeHead(401).end();
    };
    const user = { 'auth-provider': { name: 'tokenFile', config: { tokenFile } } };
    const server = await connect(kubeconfig(address(), user));
    await expect(server.get(CONFIG_MAP, KEY)).rejects.toMatchObject({ family: 'Denied', code: 401 });
    writeFileSync(tokenFile, 'new\n');
    // A burst of refusals reads the file once; half a second later it is read again.
    await eventually(() => server.get(CONFIG_MAP, KEY));
    expect(seen[0]).toBe('Bearer old');
    expect(seen.filter((token) => token === 'Bearer new')).toHaveLength(1);
  });

  it('asks an exec plugin for its token', async () => {
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'from-plugin' },
    };
    let seen: string | undefined;
    answer = (request, response) => {
      seen = request.headers.authorization;
      ok(response);
    };
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: ['-e', `console.log(${JSON.stringify(JSON.stringify(credential))})`],
      interactiveMode: 'Never',
    };
    const server = await connect(kubeconfig(address(), { exec }));
    await server.get(CONFIG_MAP, KEY);
    expect(seen).toBe('Bearer from-plugin');
  });

  it('says so when an exec plugin fails', async () => {
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: ['-e', 'process.exit(3)'],
    };
    const server = await connect(kubeconfig(address(), { exec }));
    await expect(server.get(CONFIG_MAP, KEY)).rejects.toThrow(`no credentials for ${address()} (context "x")`);
  });

  it('waits as long as a busy server asks, and tries again', async () => {
    let requests = 0;
    answer = (_, response) => {
      requests += 1;
      if (requests < 3) response.writeHead(429, { 'retry-after': '0' }).end();
      else ok(response);
    };
    const server = await connect(kubeconfig(address()));
    await server.create(CONFIG_MAP, { apiVersion: 'v1', kind: 'ConfigMap', metadata: KEY });
    expect(requests).toBe(3);
  });

  it('tries a read again when its connection died, but never a write', async () => {
    let requests = 0;
    answer = (request, response) => {
      requests += 1;
      if (requests === 1 || request.method === 'POST') request.socket.destroy();
      else ok(response);
    };
    const server = await connect(kubeconfig(address()));
    await server.get(CONFIG_MAP, KEY);
    expect(requests).toBe(2);
    const write = server.create(CONFIG_MAP, { apiVersion: 'v1', kind: 'ConfigMap', metadata: KEY });
    await expect(write).rejects.toMatchObject({ family: 'Unavailable' });
    expect(requests).toBe(3);
  });

  it('yields watch events as they come, and fails when the connection dies', async () => {
    let stream: ServerResponse | undefined;
    answer = (_, response) => {
      stream = response;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"type":"ADDED","object":{"metadata":{"name":"one"}}}\n{"type":"ADD');
    };
    const server = await connect(kubeconfig(address()));
    const heard: string[] = [];
    const watching = (async () => {
      for await (const { object } of server.watch(CONFIG_MAP, { signal: new AbortController().signal })) {
        heard.push(object.metadata.name);
        stream?.destroy();
      }
    })();
    await expect(watching).rejects.toMatchObject({ family: 'Unavailable' });
    expect(heard).toEqual(['one']);
  });

  it('closes the connection of a watch whose reader leaves', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    answer = (_, response) => {
      closed = new Promise((resolve) => response.on('close', resolve));
      response.writeHead(200).write('{"type":"ADDED","object":{"metadata":{"name":"one"}}}\n');
    };
    const server = await connect(kubeconfig(address()));
    for await (const _ of server.watch(CONFIG_MAP, { signal: new AbortController().signal })) break;
    await closed;
  });

  it('ends everything when it is closed', async () => {
    answer = () => undefined;
    const server = await connect(kubeconfig(address()));
    const waiting = expect(server.get(CONFIG_MAP, KEY)).rejects.toMatchObject({ family: 'Canceled' });
    await server.close();
    await waiting;
    await expect(server.get(CONFIG_MAP, KEY)).rejects.toMatchObject({ family: 'Canceled' });
  });
});
