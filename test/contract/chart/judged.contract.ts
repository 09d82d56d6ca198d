import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dump, load, loadAll } from 'js-yaml';
import { eventually } from '../../harness/eventually.js';
import { findHelm, type Rendered, rendered } from '../../harness/helm.js';
import { findKubeconform, kubeconform, writeSchemas } from '../../harness/kubeconform.js';
import { findKubectl, run } from '../../harness/runtime.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';
import { VALUE_SETS } from './value-sets.js';

/** Kinds of other projects. No other test knows them, and they go with the last case. */
const FOREIGN = ['--filename', 'test/fixtures/foreign-crds'];
const EVERYTHING = VALUE_SETS['parts of their own with everything on'] ?? [];
const plane = process.env.ARK_TEST_CONTROL_PLANE;
const able = plane && findHelm() && findKubectl();

(able ? describe : describe.skip)('a real API server', () => {
  const newFolder = temporaryFolder();
  const cache = temporaryFolder({ keep: 'block' })();
  const kubectl = (args: string[], input?: string) => {
    const server = ['--kubeconfig', join(plane ?? '', 'admin.kubeconfig'), '--cache-dir', cache];
    return run(findKubectl() ?? '', [...args, ...server], { input });
  };
  const succeeds = async (...args: string[]) => expect(await kubectl(args)).toMatchObject({ code: 0 });
  beforeAll(async () => {
    await Promise.all([
      kubectl(['create', 'namespace', 'agents']),
      succeeds('apply', '--server-side', '--force-conflicts', ...FOREIGN),
    ]);
    await eventually(() => succeeds('get', 'httproutes,servicemonitors', '--namespace', 'agents'));
  });
  afterAll(async () => {
    await kubectl(['delete', 'namespace', 'agents', '--wait=false']);
    await succeeds('delete', ...FOREIGN);
  });

  const judge = async (objects: Rendered[]) => {
    const flags = ['--dry-run=server', '--validate=strict', '--output=yaml', '-f', '-'];
    const result = await kubectl(['apply', ...flags], objects.map((object) => dump(object)).join('---\n'));
    // Another test may have brought the definitions to this server in its own way.
    const stderr = result.stderr.replaceAll(/^Warning: .*last-applied-configuration annotation.*\n/gm, '');
    return { ...result, stderr };
  };

  it.each(Object.keys(VALUE_SETS))('takes every object of the chart: %s', async (name) => {
    const result = await judge(await rendered(...(VALUE_SETS[name] ?? [])));
    expect(result).toMatchObject({ code: 0, stderr: '' });
  });

  (findKubeconform() ? it : it.skip)('describes every object of the chart, as kubeconform reads it', async () => {
    const schemas = newFolder();
    // A server publishes the schemas of new kinds some moments after the kinds.
    await eventually(async () => {
      const { stdout } = await kubectl(['get', '--raw', '/openapi/v2']);
      for (const kind of ['HTTPRoute', 'ServiceMonitor']) expect(stdout).toContain(`"kind":"${kind}"`);
      writeSchemas(JSON.parse(stdout), schemas);
    });
    for (const values of Object.values(VALUE_SETS)) {
      const objects = await rendered(...values);
      const judged = await kubeconform(schemas, objects.map((object) => dump(object)).join('---\n'));
      const summary = `Valid: ${objects.length}, Invalid: 0, Errors: 0, Skipped: 0`;
      expect(judged).toMatchObject({ code: 0, stdout: expect.stringContaining(summary) });
    }
    for (const wanted of ['ServiceAccount', 'HTTPRoute', 'ServiceMonitor']) {
      const found = (await rendered(...EVERYTHING)).find(({ kind }) => kind === wanted);
      const wrong = await kubeconform(schemas, dump({ ...found, colour: 'red' }));
      expect(wrong).toMatchObject({ code: 1, stdout: expect.stringContaining("'colour'") });
    }
  });

  it('takes the definitions of every kind', async () => {
    const result = await judge((await rendered()).filter(({ kind }) => kind === 'CustomResourceDefinition'));
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const [list] = loadAll(result.stdout) as { items: unknown[] }[];
    expect(list?.items.length).toBeGreaterThan(10);
  });

  // So that the cases above mean something.
  it.each([
    ['a field that no ServiceAccount has', 'ServiceAccount', 'automountToken: true', 'unknown field "automountToken"'],
    ['a field that no HTTPRoute has', 'HTTPRoute', 'spec: { hostname: a.example }', 'unknown field "spec.hostname"'],
    [
      'an HTTPRoute against a rule of Gateway API',
      'HTTPRoute',
      'spec: { rules: [{ timeouts: { request: 1s, backendRequest: 2s } }] }',
      'backendRequest timeout cannot be longer than request timeout',
    ],
    [
      'a field that no ServiceMonitor has',
      'ServiceMonitor',
      'spec: { endpoint: metrics }',
      'unknown field "spec.endpoint"',
    ],
    [
      'a ServiceMonitor with an interval that is none',
      'ServiceMonitor',
      'spec: { endpoints: [{ interval: often }] }',
      'spec.endpoints[0].interval',
    ],
  ])('refuses %s', async (_, wanted, change, words) => {
    const found = (await rendered(...EVERYTHING)).find(({ kind }) => kind === wanted) as Rendered & { spec?: object };
    const { spec, ...rest } = load(change) as { spec?: object };
    const wrong = { ...found, ...rest, ...(found.spec ? { spec: { ...found.spec, ...spec } } : {}) };
    expect(await judge([wrong])).toMatchObject({ code: 1, stderr: expect.stringContaining(words) });
  });
});
