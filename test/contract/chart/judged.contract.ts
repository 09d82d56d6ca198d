import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dump, loadAll } from 'js-yaml';
import { findHelm, type Rendered, rendered } from '../../harness/helm.js';
import { findKubeconform, kubeconform, writeSchemas } from '../../harness/kubeconform.js';
import { findKubectl, run } from '../../harness/runtime.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';
import { VALUE_SETS } from './value-sets.js';

/** Of other projects: the bare control plane does not know them. The snapshots show them. */
const FOREIGN = /^(gateway\.networking\.k8s\.io|monitoring\.coreos\.com)\//;
const plane = process.env.ARK_TEST_CONTROL_PLANE;
const able = plane && findHelm() && findKubectl();

(able ? describe : describe.skip)('a real API server', () => {
  const kubectl = (args: string[], input?: string) =>
    run(findKubectl() ?? '', [...args, '--kubeconfig', join(plane ?? '', 'admin.kubeconfig')], { input });
  const folder = temporaryFolder();
  beforeAll(() => kubectl(['create', 'namespace', 'agents']));
  afterAll(() => kubectl(['delete', 'namespace', 'agents', '--wait=false']));

  const judge = async (objects: Rendered[]) => {
    const known = objects.filter(({ apiVersion }) => !FOREIGN.test(apiVersion));
    const flags = ['--dry-run=server', '--validate=strict', '--output=yaml', '-f', '-'];
    const result = await kubectl(['apply', ...flags], known.map((object) => dump(object)).join('---\n'));
    // Another test may have brought the definitions to this server in its own way.
    const stderr = result.stderr.replaceAll(/^Warning: .*last-applied-configuration annotation.*\n/gm, '');
    return { ...result, stderr };
  };

  it.each(Object.keys(VALUE_SETS))('takes every object of the chart: %s', async (name) => {
    const result = await judge(await rendered(...(VALUE_SETS[name] ?? [])));
    expect(result).toMatchObject({ code: 0, stderr: '' });
  });

  (findKubeconform() ? it : it.skip)('describes every object of the chart, as kubeconform reads it', async () => {
    const { stdout } = await kubectl(['get', '--raw', '/openapi/v2']);
    const schemas = folder();
    writeSchemas(JSON.parse(stdout), schemas);
    for (const values of Object.values(VALUE_SETS)) {
      const known = (await rendered(...values)).filter(({ apiVersion }) => !FOREIGN.test(apiVersion));
      const judged = await kubeconform(schemas, known.map((object) => dump(object)).join('---\n'));
      expect(judged).toMatchObject({ code: 0, stdout: expect.stringContaining(`Valid: ${known.length}, Invalid: 0`) });
    }
    const [account] = (await rendered()).filter(({ kind }) => kind === 'ServiceAccount');
    const wrong = await kubeconform(schemas, dump({ ...account, automountToken: true }));
    expect(wrong).toMatchObject({ code: 1, stdout: expect.stringContaining('automountToken') });
  });

  it('takes the definitions of every kind', async () => {
    const result = await judge((await rendered()).filter(({ kind }) => kind === 'CustomResourceDefinition'));
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const [list] = loadAll(result.stdout) as { items: unknown[] }[];
    expect(list?.items.length).toBeGreaterThan(10);
  });

  it('refuses a field that does not exist, so that the cases above mean something', async () => {
    const [account] = (await rendered()).filter(({ kind }) => kind === 'ServiceAccount');
    const wrong = { ...account, automountToken: true } as unknown as Rendered;
    expect(await judge([wrong])).toMatchObject({ code: 1, stderr: expect.stringContaining('automountToken') });
  });
});
