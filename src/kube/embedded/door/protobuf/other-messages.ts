import { many, message, one, pointer } from './field-table.js';
import { objectMeta, objectReference } from './meta-messages.js';

// Field numbers: generated.proto of k8s.io/api/{coordination,authorization,authentication,events,autoscaling}/v1.

export const lease = message({
  1: one('metadata', objectMeta),
  2: one(
    'spec',
    message({
      1: pointer('holderIdentity', 'string'),
      2: pointer('leaseDurationSeconds', 'int'),
      3: one('acquireTime', 'microTime'),
      4: one('renewTime', 'microTime'),
      5: pointer('leaseTransitions', 'int'),
      6: pointer('strategy', 'string'),
      7: pointer('preferredHolder', 'string'),
    }),
  ),
});

const resourceAttributes = message({
  1: one('namespace', 'string'),
  2: one('verb', 'string'),
  3: one('group', 'string'),
  4: one('version', 'string'),
  5: one('resource', 'string'),
  6: one('subresource', 'string'),
  7: one('name', 'string'),
});

const nonResourceAttributes = message({ 1: one('path', 'string'), 2: one('verb', 'string') });

/** What somebody asks whether it is allowed. */
const asked = {
  1: one('resourceAttributes', resourceAttributes),
  2: one('nonResourceAttributes', nonResourceAttributes),
};

export const selfSubjectAccessReview = message({ 1: one('metadata', objectMeta), 2: one('spec', message(asked)) });

/** `extra` is left out: nobody's rights depend on it here. */
export const subjectAccessReview = message({
  1: one('metadata', objectMeta),
  2: one(
    'spec',
    message({
      ...asked,
      3: one('user', 'string'),
      4: many('groups', 'string'),
      6: one('uid', 'string'),
    }),
  ),
});

export const tokenReview = message({
  1: one('metadata', objectMeta),
  2: one('spec', message({ 1: one('token', 'string'), 2: many('audiences', 'string') })),
});

export const selfSubjectRulesReview = message({
  1: one('metadata', objectMeta),
  2: one('spec', message({ 1: one('namespace', 'string') })),
});

export const selfSubjectReview = message({ 1: one('metadata', objectMeta) });

export const tokenRequest = message({
  1: one('metadata', objectMeta),
  2: one(
    'spec',
    message({
      1: many('audiences', 'string'),
      3: one(
        'boundObjectRef',
        message({
          1: one('kind', 'string'),
          2: one('apiVersion', 'string'),
          3: one('name', 'string'),
          4: one('uid', 'string'),
        }),
      ),
      4: pointer('expirationSeconds', 'int'),
    }),
  ),
});

export const scale = message({
  1: one('metadata', objectMeta),
  2: one('spec', message({ 1: one('replicas', 'int') })),
  3: one('status', message({ 1: one('replicas', 'int'), 2: one('selector', 'string') })),
});

/** `events.k8s.io/v1`: the same objects as core Events under other names. */
export const newEvent = message({
  1: one('metadata', objectMeta),
  2: one('eventTime', 'microTime'),
  3: one('series', message({ 1: one('count', 'int'), 2: one('lastObservedTime', 'microTime') })),
  4: one('reportingController', 'string'),
  5: one('reportingInstance', 'string'),
  6: one('action', 'string'),
  7: one('reason', 'string'),
  8: one('regarding', objectReference),
  9: one('related', objectReference),
  10: one('note', 'string'),
  11: one('type', 'string'),
});
