import type { UntypedObject } from '../../../../kit/resource/object.js';
import type { StatusCause } from '../../../api-server/status.js';
import { isObject } from '../../json/json.js';
import { declare } from './declare.js';
import { anything, boolean, conditions, integer, listOf, mapList, mapOf, object, string } from './schema-words.js';

interface Port {
  name?: string;
  port?: number;
  protocol?: string;
  targetPort?: unknown;
}
interface ServiceSpec {
  type?: string;
  ports?: Port[];
  clusterIP?: string;
  sessionAffinity?: string;
  internalTrafficPolicy?: string;
}

const port = object(
  {
    name: string(),
    port: { ...integer(), minimum: 1, maximum: 65_535 },
    targetPort: { 'x-kubernetes-int-or-string': true },
    protocol: { ...string(), default: 'TCP', enum: ['SCTP', 'TCP', 'UDP'] },
    appProtocol: string(),
    nodePort: integer(),
  },
  { required: ['port'] },
);

export const service = declare({
  type: { group: '', version: 'v1', kind: 'Service', plural: 'services', namespaced: true },
  shortNames: ['svc'],
  categories: ['all'],
  status: true,
  description: 'Service is a named abstraction of software service that listens on ports.',
  properties: {
    spec: object({
      type: { ...string(), enum: ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'] },
      ports: mapList(['port', 'protocol'], port),
      selector: { ...mapOf(string()), 'x-kubernetes-map-type': 'atomic' },
      clusterIP: string(),
      clusterIPs: listOf(string(), { 'x-kubernetes-list-type': 'atomic' }),
      externalIPs: listOf(string(), { 'x-kubernetes-list-type': 'atomic' }),
      externalName: string(),
      externalTrafficPolicy: string(),
      internalTrafficPolicy: string(),
      ipFamilies: listOf(string(), { 'x-kubernetes-list-type': 'atomic' }),
      ipFamilyPolicy: string(),
      loadBalancerClass: string(),
      loadBalancerIP: string(),
      loadBalancerSourceRanges: listOf(string(), { 'x-kubernetes-list-type': 'atomic' }),
      publishNotReadyAddresses: boolean(),
      sessionAffinity: string(),
      sessionAffinityConfig: anything(),
      allocateLoadBalancerNodePorts: boolean(),
      healthCheckNodePort: integer(),
      trafficDistribution: string(),
    }),
    status: object({ conditions, loadBalancer: anything() }),
  },
  columns: [
    { name: 'Type', type: 'string', jsonPath: '.spec.type' },
    { name: 'Cluster-IP', type: 'string', jsonPath: '.spec.clusterIP' },
    { name: 'Port(s)', type: 'string', jsonPath: '.spec.ports[*].port' },
  ],
  rules: { names: 'service', normalise: fill, complete, check },
  selectableFields: ['spec.clusterIP', 'spec.type'],
});

/** The spec as far as it is one: what has another type is left for the schema to refuse. */
function specOf(candidate: UntypedObject): ServiceSpec {
  candidate.spec ??= {};
  return isObject(candidate.spec) ? (candidate.spec as ServiceSpec) : {};
}

function portsOf({ ports }: ServiceSpec): Port[] {
  return Array.isArray(ports) ? ports.filter(isObject) : [];
}

function fill(candidate: UntypedObject): void {
  const spec = specOf(candidate);
  spec.type ??= 'ClusterIP';
  spec.sessionAffinity ??= 'None';
  if (spec.type !== 'ExternalName') spec.internalTrafficPolicy ??= 'Cluster';
  for (const each of portsOf(spec)) if (each.port !== undefined) each.targetPort ??= each.port;
}

/** No network stands behind a Service here, so it gets no address of its own. */
function complete(candidate: UntypedObject): void {
  const spec = specOf(candidate);
  if (spec.type !== 'ExternalName') spec.clusterIP ??= 'None';
  candidate.status ??= { loadBalancer: {} };
}

function check(candidate: UntypedObject): StatusCause[] {
  const ports = portsOf(specOf(candidate));
  if (ports.length < 2) return [];
  return ports.flatMap((each, index) =>
    each.name ? [] : [{ reason: 'FieldValueRequired', field: `spec.ports[${index}].name`, message: 'Required value' }],
  );
}
