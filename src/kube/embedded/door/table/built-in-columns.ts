import type { UntypedObject } from '../../../../kit/resource/object.js';
import { ageText } from './age.js';
import { at, type Column, column, listAt, textAt } from './column.js';

const NAME_TEXT = 'Name must be unique within a namespace.';
const AGE_TEXT = 'CreationTimestamp is the server time when this object was created.';

export const nameColumn = column('Name', (object) => object.metadata?.name ?? '', {
  format: 'name',
  description: NAME_TEXT,
});

const age = column('Age', (object, now) => ageText(object.metadata?.creationTimestamp, now), { description: AGE_TEXT });

/** Custom resources without columns of their own show their age as a date. */
export const defaultColumns: Column[] = [{ ...age, definition: { ...age.definition, type: 'date' } }];

/** The columns of built-in kinds after `Name`, by `group/kind`, as the API server has them. */
const COLUMNS: Record<string, Column[]> = {
  '/Namespace': [
    column('Status', (object) => textAt(object, 'status', 'phase'), { description: 'The status of the namespace' }),
    age,
  ],
  '/Secret': [
    column('Type', (object) => textAt(object, 'type'), {
      description: 'Used to facilitate programmatic handling of secret data.',
    }),
    column('Data', (object) => size(object.data), { description: 'How many keys the secret has.' }),
    age,
  ],
  '/ConfigMap': [
    column('Data', (object) => size(object.data) + size(object.binaryData), {
      description: 'How many keys the config map has.',
    }),
    age,
  ],
  '/ServiceAccount': [age],
  '/Service': [
    column('Type', (object) => textAt(object, 'spec', 'type'), { description: 'How the service is exposed.' }),
    column('Cluster-IP', (object) => textAt(object, 'spec', 'clusterIP') || '<none>', {
      description: 'The IP address of the service.',
    }),
    column('External-IP', externalAddress, { description: 'Addresses outside the cluster.' }),
    column('Port(s)', ports, { description: 'The ports that are exposed by this service.' }),
    age,
    column('Selector', selector, { wide: true, description: 'Labels of the pods that serve the traffic.' }),
  ],
  'autoscaling/Scale': [
    column('Desired', (object) => Number(at(object, 'spec', 'replicas') ?? 0), {
      type: 'integer',
      description: 'The desired number of instances.',
    }),
    column('Available', (object) => Number(at(object, 'status', 'replicas') ?? 0), {
      type: 'integer',
      description: 'The actual number of observed instances.',
    }),
    defaultColumns[0]!,
  ],
  'coordination.k8s.io/Lease': [
    column('Holder', (object) => textAt(object, 'spec', 'holderIdentity'), {
      description: 'The holder of the current lease.',
    }),
    age,
  ],
  'apiextensions.k8s.io/CustomResourceDefinition': [
    column('Created At', (object) => object.metadata?.creationTimestamp ?? null, {
      type: 'date',
      description: AGE_TEXT,
    }),
  ],
};

/** All columns of a built-in kind, or undefined when it has none of its own. */
export function builtInColumns(group: string, kind: string): Column[] | undefined {
  if (kind === 'Event') return EVENT_COLUMNS;
  const columns = COLUMNS[`${group}/${kind}`];
  return columns && [nameColumn, ...columns];
}

/** Events lead with when and why; their generated name comes last and only when wide. */
const EVENT_COLUMNS: Column[] = [
  column('Last Seen', (event, now) => ageText(lastSeen(event), now), {
    description: 'The time at which the most recent occurrence of this event was recorded.',
  }),
  column('Type', (event) => textAt(event, 'type'), { description: 'Type of this event (Normal, Warning).' }),
  column('Reason', (event) => textAt(event, 'reason'), {
    description: 'Why the object is in its current state, in one word.',
  }),
  column('Object', eventTarget, { description: 'The object that this event is about.' }),
  column('Subobject', (event) => textAt(event, 'involvedObject', 'fieldPath'), {
    wide: true,
    description: 'The part of the object that this event is about.',
  }),
  column('Source', eventSource, { wide: true, description: 'The component reporting this event.' }),
  column('Message', (event) => (textAt(event, 'message') || textAt(event, 'note')).trim(), {
    description: 'A human-readable description of the status of this operation.',
  }),
  column('First Seen', (event, now) => ageText(firstSeen(event), now), {
    wide: true,
    description: 'The time at which the event was first recorded.',
  }),
  column('Count', (event) => Number(at(event, 'series', 'count') ?? at(event, 'count') ?? 1) || 1, {
    wide: true,
    description: 'The number of times this event has occurred.',
  }),
  { ...nameColumn, definition: { ...nameColumn.definition, priority: 1 } },
];

function firstSeen(event: UntypedObject): unknown {
  return at(event, 'firstTimestamp') || at(event, 'deprecatedFirstTimestamp') || at(event, 'eventTime');
}

function lastSeen(event: UntypedObject): unknown {
  const last = at(event, 'lastTimestamp') || at(event, 'deprecatedLastTimestamp');
  return at(event, 'series', 'lastObservedTime') || last || firstSeen(event);
}

function eventTarget(event: UntypedObject): string {
  const target = at(event, 'involvedObject') ?? at(event, 'regarding');
  const kind = textAt(target, 'kind').toLowerCase();
  const name = textAt(target, 'name');
  return name ? `${kind}/${name}` : kind;
}

function eventSource(event: UntypedObject): string {
  const component = textAt(event, 'source', 'component') || textAt(event, 'reportingComponent');
  const host = textAt(event, 'source', 'host') || textAt(event, 'reportingInstance');
  return [component, host].filter(Boolean).join(', ');
}

function externalAddress(service: UntypedObject): string {
  if (textAt(service, 'spec', 'type') === 'ExternalName') return textAt(service, 'spec', 'externalName') || '<none>';
  const ingress = listAt(service, 'status', 'loadBalancer', 'ingress');
  const balanced = ingress.map((entry) => textAt(entry, 'ip') || textAt(entry, 'hostname'));
  const addresses = [...balanced, ...listAt(service, 'spec', 'externalIPs').map(String)].filter(Boolean);
  if (addresses.length > 0) return addresses.join(',');
  return textAt(service, 'spec', 'type') === 'LoadBalancer' ? '<pending>' : '<none>';
}

function ports(service: UntypedObject): string {
  const texts = listAt(service, 'spec', 'ports').map((port) => {
    const node = textAt(port, 'nodePort');
    return `${textAt(port, 'port')}${node && node !== '0' ? `:${node}` : ''}/${textAt(port, 'protocol') || 'TCP'}`;
  });
  return texts.join(',') || '<none>';
}

function selector(service: UntypedObject): string {
  const labels = at(service, 'spec', 'selector');
  if (typeof labels !== 'object' || labels === null) return '<none>';
  const texts = Object.entries(labels).map(([name, value]) => `${name}=${String(value)}`);
  return texts.sort().join(',') || '<none>';
}

function size(map: unknown): number {
  return typeof map === 'object' && map !== null ? Object.keys(map).length : 0;
}
