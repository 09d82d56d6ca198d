import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BUILT_IN_KINDS } from '../kinds/built-in/built-in-kinds.js';
import { KindTable } from '../kinds/kind-table.js';
import { ObjectStore } from '../store/object-store.js';
import { storageKey } from '../store/stored-object.js';
import { ObjectRemover } from '../writing/object-remover.js';
import { EventExpiry } from './event-expiry.js';

const NOW = new Date('2026-01-01T12:00:00Z');

describe('the age of Events', () => {
  let store: ObjectStore;
  let expiry: EventExpiry;
  beforeEach(async () => {
    store = await ObjectStore.open(':memory:');
    const kinds = new KindTable([], new Set());
    for (const kind of BUILT_IN_KINDS) kinds.add(kind);
    const fail = (_name: string, error: unknown) => {
      throw error;
    };
    expiry = new EventExpiry(store, kinds, new ObjectRemover(store, () => NOW), () => NOW, fail);
  });
  afterEach(async () => {
    await expiry.stop();
    await store.close();
  });

  const record = (name: string, creationTimestamp: string, lastTimestamp?: string) => {
    const metadata = { name, namespace: 'default', uid: name, creationTimestamp };
    const event = { apiVersion: 'v1', kind: 'Event', metadata, ...(lastTimestamp ? { lastTimestamp } : {}) };
    return store.put('/events', storageKey('default', name), event);
  };
  const names = () => [...store.collection('/events').values()].map(({ object }) => object.metadata.name);

  it('ends an hour after they last happened', async () => {
    await record('old', '2026-01-01T10:59:59Z');
    await record('young', '2026-01-01T11:00:01Z');
    await record('repeated', '2026-01-01T09:00:00Z', '2026-01-01T11:59:00Z');
    await expiry.sweep();
    expect(names()).toEqual(['young', 'repeated']);
  });
});
