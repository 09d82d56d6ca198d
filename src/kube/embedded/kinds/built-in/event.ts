import type { UntypedObject } from '../../../../kit/resource/object.js';
import type { StatusCause } from '../../../api-server/status.js';
import { declare } from './declare.js';
import { integer, object, objectReference, string, time } from './schema-words.js';

const REFERENCE_FIELDS = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

export const event = declare({
  type: { group: '', version: 'v1', kind: 'Event', plural: 'events', namespaced: true },
  shortNames: ['ev'],
  description: 'Event is a report of an event somewhere in the cluster.',
  properties: {
    involvedObject: objectReference,
    related: objectReference,
    reason: string('Why the event was sent; short and machine readable.'),
    message: string('A description for people.'),
    type: string('Normal or Warning.'),
    action: string(),
    count: integer(),
    firstTimestamp: time(),
    lastTimestamp: time(),
    eventTime: time(),
    source: object({ component: string(), host: string() }),
    series: object({ count: integer(), lastObservedTime: time() }),
    reportingComponent: { ...string(), default: '' },
    reportingInstance: { ...string(), default: '' },
  },
  required: ['involvedObject'],
  columns: [
    { name: 'Last Seen', type: 'date', jsonPath: '.lastTimestamp' },
    { name: 'Type', type: 'string', jsonPath: '.type' },
    { name: 'Reason', type: 'string', jsonPath: '.reason' },
    { name: 'Object', type: 'string', jsonPath: '.involvedObject.name' },
    { name: 'Message', type: 'string', jsonPath: '.message' },
  ],
  rules: { createOnUpdate: true, check },
  selectableFields: [
    ...REFERENCE_FIELDS.map((field) => `involvedObject.${field}`),
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
});

function check(candidate: UntypedObject): StatusCause[] {
  const involved = candidate.involvedObject as { namespace?: string } | undefined;
  const namespace = candidate.metadata.namespace;
  if (!involved || involved.namespace === namespace || (!involved.namespace && namespace === 'default')) return [];
  const message = `Invalid value: "${involved.namespace ?? ''}": does not match event.namespace`;
  return [{ reason: 'FieldValueInvalid', field: 'involvedObject.namespace', message }];
}
