import { describe, expect, it } from '@jest/globals';
import type { UntypedObject } from '../../../../kit/resource/object.js';
import type { ServedKind } from '../../catalogue.js';
import { servedKind } from '../testing/served-kind.js';
import { Tables } from './tables.js';

const NOW = Date.parse('2026-01-01T01:00:00Z');
const WHOLE = { version: 'v1', include: 'Metadata', headers: true, metadata: { resourceVersion: '7' } } as const;

function rows(served: ServedKind, object: Record<string, unknown>) {
  const metadata = { name: 'a', creationTimestamp: '2026-01-01T00:00:00Z' };
  const table = new Tables().of(served, [{ metadata, ...object } as unknown as UntypedObject], WHOLE, NOW);
  const names = table.columnDefinitions!.map((column) => column.name);
  return Object.fromEntries(names.map((name, at) => [name, table.rows[0]!.cells[at]]));
}

describe('a table of custom resources', () => {
  const agent = servedKind({
    printerColumns: [
      { name: 'Model', type: 'string', jsonPath: '.spec.model' },
      { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas' },
      { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
      { name: 'Tools', type: 'string', jsonPath: '.spec.tools', priority: 1 },
      { name: 'On', type: 'boolean', jsonPath: '.spec.on' },
      { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ],
  });

  it('leads with the name and fills printer columns by their type', () => {
    expect(rows(agent, { spec: { model: 'm', replicas: 2, tools: [{ name: 'x' }], on: true } })).toEqual({
      Name: 'a',
      Model: 'm',
      Replicas: 2,
      Ready: null,
      Tools: '[{"name":"x"}]',
      On: true,
      Age: '60m',
    });
  });

  it('shows nothing for a value of a wrong type', () => {
    expect(rows(agent, { spec: { replicas: 'two', on: 'yes' } })).toMatchObject({ Replicas: null, On: null });
  });

  it('keeps wide columns behind a priority and the name recognisable', () => {
    const { columnDefinitions } = new Tables().of(agent, [], WHOLE, NOW);
    expect(columnDefinitions![0]).toMatchObject({ name: 'Name', format: 'name', priority: 0 });
    expect(columnDefinitions!.find((column) => column.name === 'Tools')!.priority).toBe(1);
  });

  it('carries as much of the object as was asked for', () => {
    const object = { apiVersion: 'v1', kind: 'X', metadata: { name: 'a' }, spec: {} } as UntypedObject;
    const row = (include: 'Object' | 'Metadata' | 'None') =>
      new Tables().of(agent, [object], { ...WHOLE, include }, NOW).rows[0]!;
    expect(row('Object').object).toBe(object);
    expect(row('Metadata').object).toEqual({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { name: 'a' },
    });
    expect(row('None')).not.toHaveProperty('object');
  });

  it('shows the age when the definition names no columns', () => {
    expect(rows(servedKind({ printerColumns: [] }), {})).toEqual({ Name: 'a', Age: '60m' });
  });
});

describe('a table of built-in kinds', () => {
  const builtIn = (kind: string, group = '') => servedKind({ builtIn: true, type: { ...TYPE, group, kind } });
  const TYPE = { group: '', version: 'v1', kind: '', plural: 'x', namespaced: true };

  it('has the columns of the real server', () => {
    expect(rows(builtIn('Namespace'), { status: { phase: 'Active' } })).toEqual({
      Name: 'a',
      Status: 'Active',
      Age: '60m',
    });
    expect(rows(builtIn('Secret'), { type: 'Opaque', data: { k: '', l: '' } })).toMatchObject({
      Type: 'Opaque',
      Data: 2,
    });
    expect(rows(builtIn('ConfigMap'), { data: { k: '' }, binaryData: { l: '' } })).toMatchObject({ Data: 2 });
    expect(rows(builtIn('Lease', 'coordination.k8s.io'), { spec: { holderIdentity: 'me' } })).toMatchObject({
      Holder: 'me',
    });
    expect(rows(builtIn('CustomResourceDefinition', 'apiextensions.k8s.io'), {})).toEqual({
      Name: 'a',
      'Created At': '2026-01-01T00:00:00Z',
    });
  });

  it('prints services with ports and addresses', () => {
    const spec = {
      type: 'NodePort',
      clusterIP: '10.0.0.1',
      ports: [{ port: 80, nodePort: 30080 }],
      selector: { b: '2', a: '1' },
    };
    expect(rows(builtIn('Service'), { spec })).toMatchObject({
      'Cluster-IP': '10.0.0.1',
      'External-IP': '<none>',
      'Port(s)': '80:30080/TCP',
      Selector: 'a=1,b=2',
    });
  });

  it('prints events by when and why', () => {
    const event = {
      lastTimestamp: '2026-01-01T00:59:00Z',
      type: 'Warning',
      reason: 'Broken',
      message: ' it broke\n',
      involvedObject: { kind: 'Agent', name: 'x' },
      source: { component: 'c' },
    };
    expect(rows(builtIn('Event'), event)).toMatchObject({
      'Last Seen': '60s',
      Object: 'agent/x',
      Message: 'it broke',
      Source: 'c',
      Count: 1,
    });
  });
});
