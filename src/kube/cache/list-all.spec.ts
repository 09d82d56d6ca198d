import { describe, expect, it } from '@jest/globals';
import type { UntypedObject } from '../../kit/resource/object.js';
import type { ListOptions } from '../api-server/api-server.js';
import { StatusError } from '../api-server/status.js';
import { listAll } from './list-all.js';
import { ScriptedApiServer } from './testing/scripted-api-server.js';

const TYPE = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };
const objects = Array.from(
  { length: 5 },
  (_, index): UntypedObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `c${index}` } }),
);

describe('A list of everything', () => {
  it('is read page by page', async () => {
    const server = new ScriptedApiServer();
    server.present = objects;
    const { items, metadata } = await listAll(server, TYPE, { namespace: 'home' }, 2);
    expect(items).toEqual(objects);
    expect(metadata).toEqual({ resourceVersion: '1' });
    expect(server.lists.map((each) => [each.namespace, each.continue])).toEqual([
      ['home', undefined],
      ['home', '2'],
      ['home', '4'],
    ]);
  });

  it('starts again in one piece when the server forgets the first page', async () => {
    class Forgetful extends ScriptedApiServer {
      override list<T>(type: typeof TYPE, options: ListOptions = {}): Promise<never> {
        if (options.continue)
          return Promise.reject(new StatusError('Expired', 'The provided continue token is too old'));
        return super.list(type, options) as unknown as Promise<never> & Promise<T>;
      }
    }
    const server = new Forgetful();
    server.present = objects;
    expect((await listAll(server, TYPE, {}, 2)).items).toEqual(objects);
  });
});
