import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dump, loadAll } from 'js-yaml';
import { findHelm, type Rendered, rendered } from '../../harness/helm.js';
import { findKubectl, run } from '../../harness/runtime.js';
import { VALUE_SETS } from './value-sets.js';

/** Of other projects: the bare control plane does not know them. The snapshots show them. */
const FOREIGN = /^(gateway\.networking\.k8s\.io|monitoring\.coreos\.com)\//;
const plane = process.env.ARK_TEST_CONTROL_PLANE;
const able = plane && findHelm() && findKubectl();

// kubeconform would want schemas from the network; this asks the API server that they are made from.
(able ? describe : describe.skip)('a real API server', () => {
  const kubectl = (args: string[], input?: string) =>
    run(findKubectl() ?? '', [...args, '--kubeconfig', join(plane ?? '', 'admin.kubeconfig')], { input });
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
