import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rememberingLogger } from '../../../test/harness/engine-process.js';
import { eventually } from '../../../test/harness/eventually.js';
import { query } from '../../../test/harness/manifests.js';
import type { Change } from '../../kube/cache/informer.js';
import type { ResourceCache } from '../../kube/cache/resource-cache.js';
import type { Query } from '../../resources/query/query.resource.js';
import type { Chunks } from '../../storage/chunks.js';
import type { Messages } from '../../storage/messages.js';
import type { Storage } from '../../storage/storage.js';
import { ConversationSweep } from './conversation-sweep.js';
import type { Memories } from './memories.js';

const asked = (name: string, memory?: string) => {
  const object = query(name, { input: 'x', ...(memory ? { memory: { name: memory } } : {}) });
  return { ...object, metadata: { ...object.metadata, uid: `uid-${name}` } } as unknown as Query;
};

describe('the sweep of conversations', () => {
  let tell: (change: Change<Query>) => void;
  let present: Query[];
  let forgotten: string[];
  let isOpen: boolean;
  let sweep: ConversationSweep;
  beforeEach(() => {
    present = [asked('here')];
    forgotten = [];
    isOpen = true;
    const note = (where: string) => async (ids: readonly unknown[]) =>
      void forgotten.push(`${where}: ${ids.map((id) => (id as Query['metadata']).uid ?? id).join(' ')}`);
    const nameFor = ({ spec }: Query) => spec.memory?.name;
    const ownOf = async (one: Query) => {
      if (nameFor(one) === 'broken') throw new Error('not ready');
      return { forget: note(nameFor(one) ?? 'built-in') };
    };
    const messages = { expire: async () => {}, queryIds: async () => ['uid-here', 'uid-gone'], forget: note('old') };
    const chunks = { expire: async () => {}, forget: note('streams') };
    const onChange = (listener: typeof tell) => {
      tell = listener;
      return () => {};
    };
    const informer = { synced: Promise.resolve(), list: () => present, onChange };
    sweep = new ConversationSweep(
      { nameFor, ownOf } as unknown as Memories,
      messages as unknown as Messages,
      chunks as unknown as Chunks,
      {
        get isOpen() {
          return isOpen;
        },
      } as Storage,
      { informer: () => informer } as unknown as ResourceCache,
      rememberingLogger(),
    );
    sweep.onApplicationBootstrap();
  });
  afterEach(() => sweep.onModuleDestroy());

  const gone = (previous: Query) => tell({ key: { namespace: 'default', name: previous.metadata.name }, previous });

  it('lets each memory forget the Queries that were deleted, and only those', async () => {
    tell({ key: { name: 'new' }, current: asked('new') });
    tell({ key: { name: 'same' }, current: asked('same'), previous: asked('same') });
    for (const one of [asked('a'), asked('x', 'broken'), asked('b', 'theirs'), asked('c')]) gone(one);
    await eventually(() =>
      expect(forgotten).toEqual(['streams: uid-a uid-x uid-b uid-c', 'built-in: uid-a uid-c', 'theirs: uid-b']),
    );
  });

  it('takes a Query that was replaced under its name for deleted', async () => {
    const replaced = { ...asked('a'), metadata: { ...asked('a').metadata, uid: 'uid-new' } };
    tell({ key: { name: 'a' }, current: replaced, previous: asked('a') });
    await eventually(() => expect(forgotten).toContain('built-in: uid-a'));
  });

  it('finds what was deleted while nobody looked', async () => {
    await sweep.sweep();
    expect(forgotten).toEqual(['old: uid-gone']);
  });

  it('opens no database for it', async () => {
    isOpen = false;
    await sweep.sweep();
    gone(asked('b', 'theirs'));
    gone(asked('a'));
    await eventually(() => expect(forgotten).toEqual(['theirs: uid-b']));
  });
});
