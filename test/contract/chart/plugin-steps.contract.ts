import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { describeWithHelm, type Rendered, rendered, set } from '../../harness/helm.js';
import { run } from '../../harness/runtime.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';

interface Container {
  name: string;
  command: string[];
  env?: { name: string; value: string }[];
}
type Deployment = Rendered & {
  spec: { template: { spec: { initContainers: Container[]; containers: Container[] } } };
};

const PACKAGE = {
  name: '@acme/engines',
  version: '1.4.0',
  ark: { plugins: ['dist'] },
  peerDependencies: { 'nest-ark': '*' },
};

// The step of an image and that of a package, as a pod would run them; folders stand for image and volume.
describeWithHelm('the steps that bring plugins into a pod', () => {
  const newFolder = temporaryFolder();
  let registry: Server | undefined;
  afterEach(() => {
    registry?.closeAllConnections();
    registry?.close();
  });

  /** A folder of the plugin with what its step put there, by the path that the program is told. */
  async function brought(value: string, env: Record<string, string> = {}, image = ''): Promise<string> {
    const root = newFolder();
    const objects = await rendered(...set('plugins[0].name=acme', `plugins[0].${value}`));
    const deployment = objects.find(({ kind }) => kind === 'Deployment') as Deployment;
    const { initContainers, containers } = deployment.spec.template.spec;
    const inRoot = (text: string) => text.replace(/^(?=\/plugins\/|\/tmp\/)/, root).replace(/^(?=\/plugin\/)/, image);
    const [program = '', ...args] = initContainers[0]?.command.map(inRoot) ?? [];
    const own = Object.fromEntries((initContainers[0]?.env ?? []).map((one) => [one.name, inRoot(one.value)]));
    mkdirSync(join(root, 'plugins/acme'), { recursive: true });
    const result = await run(program, args, { cwd: root, env: { ...own, ...env } });
    expect(result).toMatchObject({ code: 0 });
    return inRoot(containers[0]?.env?.find(({ name }) => name === 'ARK_PLUGIN_PATH')?.value ?? '');
  }

  /** Writes the plugin; returns its folder. */
  function plugin(folder: string): string {
    mkdirSync(join(folder, 'dist'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify(PACKAGE));
    writeFileSync(join(folder, 'dist/acme.engine.js'), 'export {};\n');
    return folder;
  }

  const engineIn = (folder: string) => readFileSync(join(folder, 'dist/acme.engine.js'), 'utf8');

  it('copy what an image holds', async () => {
    const image = newFolder();
    plugin(join(image, 'plugin'));
    expect(engineIn(await brought('image=registry.example.com/acme:1.4.0', {}, image))).toBe('export {};\n');
  });

  it('install a package of a registry without what the program has itself', async () => {
    const source = plugin(newFolder());
    const packed = await run('npm', ['pack', '--json'], { cwd: source });
    const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
    const { server, url } = await serve(readFileSync(join(source, filename)));
    registry = server;
    const folder = await brought('npm=@acme/engines@1.4.0', { npm_config_registry: url });
    expect(engineIn(folder)).toBe('export {};\n');
    expect(folder).toMatch(/\/node_modules\/@acme\/engines$/);
    expect(existsSync(join(folder, '../../nest-ark'))).toBe(false);
  });
});

/** A registry with that one package, and with word of nest-ark. */
async function serve(tarball: Buffer): Promise<{ server: Server; url: string }> {
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    const path = decodeURIComponent(request.url ?? '');
    if (path.endsWith('.tgz')) return void response.end(tarball);
    const about = path === '/nest-ark' ? { name: 'nest-ark', version: '0.1.0' } : PACKAGE;
    const dist = { tarball: `http://127.0.0.1:${port}${path}.tgz`, integrity };
    const versions = { [about.version]: { ...about, dist } };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ name: about.name, 'dist-tags': { latest: about.version }, versions }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}
