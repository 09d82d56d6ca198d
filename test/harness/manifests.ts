import { dump } from 'js-yaml';

type Manifest = Record<string, unknown>;

/** Several objects as one YAML stream, for `kubectl apply -f -`. */
export const yaml = (...objects: Manifest[]) => objects.map((object) => dump(object)).join('---\n');

export const agent = (name: string, spec: Manifest, namespace = 'default') => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Agent',
  metadata: { name, namespace },
  spec,
});

export const query = (name: string, spec: Manifest, namespace = 'default') => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Query',
  metadata: { name, namespace },
  spec,
});

export const executionEngine = (name: string, address: Manifest, namespace = 'default') => ({
  apiVersion: 'ark.mckinsey.com/v1prealpha1',
  kind: 'ExecutionEngine',
  metadata: { name, namespace },
  spec: { address },
});

/** An object of any kind of the group. */
export const resource = (kind: string, name: string, spec: Manifest, version = 'v1alpha1') => ({
  apiVersion: `ark.mckinsey.com/${version}`,
  kind,
  metadata: { name, namespace: 'default' },
  spec,
});
