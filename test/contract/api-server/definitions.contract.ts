import { expect } from '@jest/globals';
import type { KubeObject, UntypedObject } from '../../../src/kit/resource/object.js';
import type { ResourceType } from '../../../src/kit/resource/resource.js';
import { eventually } from '../../harness/eventually.js';
import { type Court, refusal, underEveryJudge } from './court.js';
import { CRD, widgetDefinition } from './widget.js';

interface Definition extends KubeObject {
  spec: { versions: { schema: { openAPIV3Schema: Record<string, unknown> } }[] } & Record<string, unknown>;
  status: {
    acceptedNames: Record<string, unknown>;
    conditions: { type: string; status: string }[];
    storedVersions: string[];
  };
}

/** A small kind of its own for one case. */
function gadgets(court: Court, plural = court.name('gadget').replace('-', '')) {
  const kind = `G${plural.slice(1)}`;
  const definition = widgetDefinition(court.group, plural, kind);
  const type: ResourceType = { group: court.group, version: 'v1', kind, plural, namespaced: true };
  const object = (name: string): UntypedObject => ({
    apiVersion: `${court.group}/v1`,
    kind,
    metadata: { name, namespace: court.namespace },
    spec: { size: 1 },
  });
  const read = () => court.server.get<Definition>(CRD, { name: definition.metadata.name });
  return { definition, type, object, read };
}

underEveryJudge('Definitions of kinds', (court) => {
  court.it('are served within moments of being added', async () => {
    const { definition, type, object, read } = gadgets(court);
    expect((await refusal(court.server.list(type))).statusReason).toBe('NotFound');
    await court.define(definition, type);
    const made = await court.server.create(type, object('one'));
    expect(made.spec).toEqual({ size: 1, colour: 'red' });
    const { status } = await read();
    expect(status.acceptedNames).toMatchObject({ plural: type.plural, kind: type.kind });
    expect(status.storedVersions).toEqual(['v1']);
    expect(status.conditions.map((each) => `${each.type}=${each.status}`)).toEqual(
      expect.arrayContaining(['NamesAccepted=True', 'Established=True']),
    );
    await court.server.delete(CRD, { name: definition.metadata.name });
  });

  court.it('take their objects with them and are served no more', async () => {
    const { definition, type, object } = gadgets(court);
    await court.define(definition, type);
    const made = await court.server.create(type, object('one'));
    const abort = new AbortController();
    const heard: string[] = [];
    const watching = (async () => {
      const { resourceVersion } = made.metadata;
      const events = court.server.watch(type, { resourceVersion, signal: abort.signal });
      for await (const { type: change, object } of events) heard.push(`${change} ${object.metadata.name}`);
    })();
    watching.catch(() => undefined);
    await court.server.delete(CRD, { name: definition.metadata.name });
    await eventually(async () => expect((await refusal(court.server.list(type))).code).toBe(404));
    await eventually(async () => {
      const error = await refusal(court.server.get(CRD, { name: definition.metadata.name }));
      expect(error.statusReason).toBe('NotFound');
    });
    expect(heard.at(-1)).toBe('DELETED one');
    abort.abort();
    await watching.catch(() => undefined);
    await court.define(definition, type);
    expect((await court.server.list(type)).items).toEqual([]);
    await court.server.delete(CRD, { name: definition.metadata.name });
  });

  court.it('hold new writes to a changed schema and keep what is stored', async () => {
    const { definition, type, object, read } = gadgets(court);
    await court.define(definition, type);
    await court.server.create(type, { ...object('old'), spec: { size: 50, slug: 'abc' } });
    const path = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties';
    await court.server.patch(
      CRD,
      { name: definition.metadata.name },
      {
        type: 'json',
        body: [
          { op: 'replace', path: `${path}/size/maximum`, value: 10 },
          { op: 'add', path: `${path}/fresh`, value: { type: 'string', default: 'air' } },
        ],
      },
    );
    await eventually(async () => {
      const error = await refusal(
        court.server.create(type, { ...object('new'), spec: { size: 50 } }, { dryRun: true }),
      );
      expect(error.message).toContain('should be less than or equal to 10');
    });
    expect((await read()).metadata.generation).toBe(2);
    const old = await court.server.get<UntypedObject>(type, court.key('old'));
    expect(old.spec).toEqual({ size: 50, slug: 'abc', colour: 'red', fresh: 'air' });
    await court.server.delete(CRD, { name: definition.metadata.name });
  });

  court.it('must be named after plural and group', async () => {
    const { definition } = gadgets(court);
    definition.metadata.name = `other.${court.group}`;
    const error = await refusal(court.server.create(CRD, definition));
    expect(error).toMatchObject({ statusReason: 'Invalid', code: 422 });
    expect(error.message).toContain(
      `metadata.name: Invalid value: "other.${court.group}": must be spec.names.plural+"."+spec.group`,
    );
  });

  court.it('must have a structural schema', async () => {
    const { definition } = gadgets(court);
    const [version] = (definition as unknown as Definition).spec.versions;
    version!.schema.openAPIV3Schema = {
      type: 'object',
      properties: { spec: { properties: { a: { type: 'string' } } } },
    };
    const error = await refusal(court.server.create(CRD, definition));
    expect(error).toMatchObject({ statusReason: 'Invalid', code: 422 });
    expect(error.message).toContain(
      'spec.validation.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields',
    );
  });

  court.it('must have rules that compile', async () => {
    const { definition } = gadgets(court);
    const [version] = (definition as unknown as Definition).spec.versions;
    version!.schema.openAPIV3Schema = {
      type: 'object',
      properties: { spec: { type: 'object', 'x-kubernetes-validations': [{ rule: 'self.nothing ==', message: 'm' }] } },
    };
    const error = await refusal(court.server.create(CRD, definition));
    expect(error).toMatchObject({ statusReason: 'Invalid', code: 422 });
    expect(error.message).toContain('x-kubernetes-validations[0].rule: Invalid value');
  });

  court.it('may be changed by apply, and the change is seen at once', async () => {
    const { definition, type, object, read } = gadgets(court);
    await court.server.apply(CRD, definition, { fieldManager: 'installer' });
    await eventually(async () => {
      expect((await read()).status.conditions).toContainEqual(
        expect.objectContaining({ type: 'Established', status: 'True' }),
      );
      await court.server.list(type);
    });
    const again = await court.server.apply(CRD, definition, { fieldManager: 'installer' });
    expect(again.metadata.generation).toBe(1);
    expect(await court.server.create(type, object('one'))).toMatchObject({ spec: { size: 1 } });
    await court.server.delete(CRD, { name: definition.metadata.name });
  });
});
