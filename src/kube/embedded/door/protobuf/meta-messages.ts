import { many, mapOf, message, one, pointer } from './field-table.js';

// Field numbers: k8s.io/apimachinery/pkg/apis/meta/v1/generated.proto and k8s.io/api/core/v1/generated.proto.

const ownerReference = message({
  1: one('kind', 'string'),
  3: one('name', 'string'),
  4: one('uid', 'string'),
  5: one('apiVersion', 'string'),
  6: pointer('controller', 'bool'),
  7: pointer('blockOwnerDeletion', 'bool'),
});

/** `managedFields` are left out: a client never has to send them. */
export const objectMeta = message({
  1: one('name', 'string'),
  2: one('generateName', 'string'),
  3: one('namespace', 'string'),
  5: one('uid', 'string'),
  6: one('resourceVersion', 'string'),
  7: one('generation', 'int'),
  8: one('creationTimestamp', 'time'),
  9: one('deletionTimestamp', 'time'),
  10: pointer('deletionGracePeriodSeconds', 'int'),
  11: mapOf('labels', 'string'),
  12: mapOf('annotations', 'string'),
  13: many('ownerReferences', ownerReference),
  14: many('finalizers', 'string'),
});

export const objectReference = message({
  1: one('kind', 'string'),
  2: one('namespace', 'string'),
  3: one('name', 'string'),
  4: one('uid', 'string'),
  5: one('apiVersion', 'string'),
  6: one('resourceVersion', 'string'),
  7: one('fieldPath', 'string'),
});

export const condition = message({
  1: one('type', 'string'),
  2: one('status', 'string'),
  3: one('observedGeneration', 'int'),
  4: one('lastTransitionTime', 'time'),
  5: one('reason', 'string'),
  6: one('message', 'string'),
});

export const deleteOptions = message({
  1: pointer('gracePeriodSeconds', 'int'),
  2: one('preconditions', message({ 1: pointer('uid', 'string'), 2: pointer('resourceVersion', 'string') })),
  3: pointer('orphanDependents', 'bool'),
  4: pointer('propagationPolicy', 'string'),
  5: many('dryRun', 'string'),
});
