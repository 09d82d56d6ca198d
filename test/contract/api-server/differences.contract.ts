import { expect } from '@jest/globals';
import type { KubeObject, UntypedObject } from '../../../src/kit/resource/object.js';
import type { ResourceType } from '../../../src/kit/resource/resource.js';
import { refusal, underEveryJudge } from './court.js';
import { SERVICE, widgetDefinition, widgetType } from './widget.js';

const PODS: ResourceType = { group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true };
const ROLES: ResourceType = {
  ...{ group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'Role' },
  ...{ plural: 'roles', namespaced: true },
};
const LONG = 1_200;

type Service = KubeObject & { spec: { clusterIP?: string; ports: object[] } };

/** The list of docs/reference/api-servers.md, tried. */
underEveryJudge('Differences', (court) => {
  court.onlyReal('Pods, Deployments, Nodes, Roles and other kinds', {
    real: async () => {
      for (const type of [PODS, ROLES]) await court.server.list(type, { namespace: court.namespace });
    },
    embedded: async () => {
      for (const type of [PODS, ROLES]) {
        const { code } = await refusal(court.server.list(type, { namespace: court.namespace }));
        expect(code).toBe(404);
      }
    },
  });

  court.onlyReal('addresses of Services', {
    real: async () => expect(await clusterIp()).toMatch(/^\d+\.\d+\.\d+\.\d+$/),
    embedded: async () => expect(await clusterIp()).toBe('None'),
  });
  const clusterIp = async () => {
    const metadata = { name: court.name('service'), namespace: court.namespace };
    const service: Service = { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 80 }] } };
    return (await court.server.create(SERVICE, service)).spec.clusterIP;
  };

  court.onlyReal('the cost of evaluating CEL rules', {
    real: async () => {
      const { code, message } = await refusal(pairs());
      expect([code, message]).toEqual([422, expect.stringContaining('cost')]);
    },
    // Machines differ: what takes half a second here is no trouble there.
    embedded: async () => {
      const ended = await pairs().then(
        () => 'stored',
        ({ message }: Error) => message,
      );
      expect(ended).toMatch(/^stored$|took longer than 500 ms/);
    },
  });
  /** Stores an object whose rule looks at more pairs than a cluster counts through. */
  const pairs = async (): Promise<unknown> => {
    const plural = court.name('pairs').replace('-', '');
    const definition = widgetDefinition(court.group, plural, 'Pairs');
    const rule = { rule: 'self.all(x, self.all(y, x <= y))' };
    const field = { type: 'array', maxItems: LONG, items: { type: 'integer' }, 'x-kubernetes-validations': [rule] };
    const spec = { type: 'object', properties: { field } };
    const { versions } = definition.spec as { versions: object[] };
    const schema = { openAPIV3Schema: { type: 'object', properties: { spec } } };
    Object.assign(versions[0] ?? {}, { schema, additionalPrinterColumns: [] });
    const type = { ...widgetType(court.group), kind: 'Pairs', plural };
    await court.define(definition, type);
    const object = { apiVersion: `${court.group}/v1`, kind: 'Pairs', spec: { field: Array(LONG).fill(1) } };
    const metadata = { name: court.name(), namespace: court.namespace };
    return court.server.create<UntypedObject>(type, { ...object, metadata });
  };
});
