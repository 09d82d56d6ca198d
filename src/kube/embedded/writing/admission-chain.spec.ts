import { afterEach, describe, expect, it } from '@jest/globals';
import type { UntypedObject } from '../../../kit/resource/object.js';
import type { Admission, AdmissionRequest } from '../../api-server/admission.js';
import { EmbeddedApiServer } from '../embedded-api-server.js';
import { THINGS, thing, thingDefinition } from '../testing/things.js';

const model = (object: UntypedObject) => (object.spec as { model?: string }).model;

describe('admission', () => {
  let server: EmbeddedApiServer;
  afterEach(() => server.close());

  async function open(admission: Omit<Admission, 'type'>): Promise<void> {
    const admissions = [{ type: THINGS, ...admission }];
    server = await EmbeddedApiServer.open({ dataDir: ':memory:', customResources: [thingDefinition()], admissions });
  }
  const patch = (body: Record<string, unknown>, subresource?: 'status') =>
    server.patch(THINGS, { namespace: 'default', name: 'one' }, { type: 'merge', body }, { subresource });

  it('changes an object before it is validated, and prunes what it must not add', async () => {
    await open({
      mutate: ({ object }) => {
        Object.assign(object.spec as object, { model: 'changed', unknown: 1 });
      },
    });
    expect((await server.create(THINGS, thing('one', { model: 'x' }))).spec).toEqual({ model: 'changed' });
  });

  it('refuses in the words of a webhook', async () => {
    await open({ validate: async () => ['the model is gone', 'and more'] });
    await expect(server.create(THINGS, thing('one', {}))).rejects.toMatchObject({
      statusReason: 'Forbidden',
      message: 'admission webhook "vthing-v1.kb.io" denied the request: the model is gone',
    });
  });

  it('hands the stored object and a voice to an update', async () => {
    await open({
      validate: ({ object, oldObject, warn }) => {
        warn(`${oldObject && model(oldObject)} becomes ${model(object)}`);
        return [];
      },
    });
    await server.create(THINGS, thing('one', { model: 'old' }));
    const warnings: string[] = [];
    const options = { onWarning: (text: string) => warnings.push(text) };
    const body = { spec: { model: 'new' } };
    await server.patch(THINGS, { namespace: 'default', name: 'one' }, { type: 'merge', body }, options);
    expect(warnings).toEqual(['old becomes new']);
  });

  it('does not look at the status', async () => {
    const seen: AdmissionRequest['operation'][] = [];
    await open({
      validate: ({ operation }) => {
        seen.push(operation);
        return [];
      },
    });
    await server.create(THINGS, thing('one', {}));
    await patch({ status: { phase: 'x' } }, 'status');
    await patch({ spec: { model: 'y' } });
    expect(seen).toEqual(['CREATE', 'UPDATE']);
  });

  it('lets a write that came in between win, and looks again', async () => {
    let meddle: (() => Promise<unknown>) | undefined;
    await open({
      validate: async () => {
        const now = meddle;
        meddle = undefined;
        await now?.();
        return [];
      },
    });
    await server.create(THINGS, thing('one', { model: 'a' }));
    meddle = () => patch({ metadata: { labels: { between: 'yes' } } });
    const changed = await patch({ spec: { model: 'b' } });
    expect(changed).toMatchObject({ spec: { model: 'b' }, metadata: { labels: { between: 'yes' } } });
  });

  it('looks other objects up', async () => {
    await open({
      validate: async ({ object, lookup }) =>
        (await lookup.get(THINGS, { namespace: 'default', name: 'other' })) || object.metadata.name === 'other'
          ? []
          : ['other is missing'],
    });
    await expect(server.create(THINGS, thing('one', {}))).rejects.toThrow('other is missing');
    await server.create(THINGS, thing('other', {}));
    await expect(server.create(THINGS, thing('one', {}))).resolves.toBeDefined();
  });
});
