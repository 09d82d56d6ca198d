import { many, mapOf, message, one, pointer } from './field-table.js';
import { condition, objectMeta, objectReference } from './meta-messages.js';

// Field numbers: k8s.io/api/core/v1/generated.proto.

const namespaceCondition = message({
  1: one('type', 'string'),
  2: one('status', 'string'),
  4: one('lastTransitionTime', 'time'),
  5: one('reason', 'string'),
  6: one('message', 'string'),
});

export const namespace = message({
  1: one('metadata', objectMeta),
  2: one('spec', message({ 1: many('finalizers', 'string') })),
  3: one('status', message({ 1: one('phase', 'string'), 2: many('conditions', namespaceCondition) })),
});

export const configMap = message({
  1: one('metadata', objectMeta),
  2: mapOf('data', 'string'),
  3: mapOf('binaryData', 'bytes'),
  4: pointer('immutable', 'bool'),
});

export const secret = message({
  1: one('metadata', objectMeta),
  2: mapOf('data', 'bytes'),
  3: one('type', 'string'),
  4: mapOf('stringData', 'string'),
  5: pointer('immutable', 'bool'),
});

export const serviceAccount = message({
  1: one('metadata', objectMeta),
  2: many('secrets', objectReference),
  3: many('imagePullSecrets', message({ 1: one('name', 'string') })),
  4: pointer('automountServiceAccountToken', 'bool'),
});

const servicePort = message({
  1: one('name', 'string'),
  2: one('protocol', 'string'),
  3: one('port', 'int'),
  4: one('targetPort', 'intOrString'),
  5: one('nodePort', 'int'),
  6: pointer('appProtocol', 'string'),
});

const serviceSpec = message({
  1: many('ports', servicePort),
  2: mapOf('selector', 'string'),
  3: one('clusterIP', 'string'),
  4: one('type', 'string'),
  5: many('externalIPs', 'string'),
  7: one('sessionAffinity', 'string'),
  8: one('loadBalancerIP', 'string'),
  9: many('loadBalancerSourceRanges', 'string'),
  10: one('externalName', 'string'),
  11: one('externalTrafficPolicy', 'string'),
  12: one('healthCheckNodePort', 'int'),
  13: one('publishNotReadyAddresses', 'bool'),
  14: one('sessionAffinityConfig', message({ 1: one('clientIP', message({ 1: pointer('timeoutSeconds', 'int') })) })),
  17: pointer('ipFamilyPolicy', 'string'),
  18: many('clusterIPs', 'string'),
  19: many('ipFamilies', 'string'),
  20: pointer('allocateLoadBalancerNodePorts', 'bool'),
  21: pointer('loadBalancerClass', 'string'),
  22: pointer('internalTrafficPolicy', 'string'),
  23: pointer('trafficDistribution', 'string'),
});

const ingress = message({ 1: one('ip', 'string'), 2: one('hostname', 'string'), 3: pointer('ipMode', 'string') });

export const service = message({
  1: one('metadata', objectMeta),
  2: one('spec', serviceSpec),
  3: one(
    'status',
    message({ 1: one('loadBalancer', message({ 1: many('ingress', ingress) })), 2: many('conditions', condition) }),
  ),
});

export const event = message({
  1: one('metadata', objectMeta),
  2: one('involvedObject', objectReference),
  3: one('reason', 'string'),
  4: one('message', 'string'),
  5: one('source', message({ 1: one('component', 'string'), 2: one('host', 'string') })),
  6: one('firstTimestamp', 'time'),
  7: one('lastTimestamp', 'time'),
  8: one('count', 'int'),
  9: one('type', 'string'),
  10: one('eventTime', 'microTime'),
  11: one('series', message({ 1: one('count', 'int'), 2: one('lastObservedTime', 'microTime') })),
  12: one('action', 'string'),
  13: one('related', objectReference),
  14: one('reportingComponent', 'string'),
  15: one('reportingInstance', 'string'),
});
