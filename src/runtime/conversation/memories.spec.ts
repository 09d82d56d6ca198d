import { describe, expect, it } from '@jest/globals';
import { query } from '../../../test/harness/manifests.js';
import { MemoryInformer } from '../../../test/harness/memory-informer.js';
import { MemoryObjects } from '../../../test/harness/memory-objects.js';
import { invalid, type MemoryBackends, type MemoryClient, type MemoryConfig } from '../../kit/index.js';
import { silentLogger } from '../../kit/testing/index.js';
import type { ResourceCache } from '../../kube/cache/resource-cache.js';
import type { Memory } from '../../resources/memory/memory.resource.js';
import type { Query } from '../../resources/query/query.resource.js';
import type { Messages } from '../../storage/messages.js';
import { SqlMemory } from '../../storage/sql-memory.js';
import { LateTurns } from '../passing/late-turns.js';
import { Memories } from './memories.js';
import { MemoryHistory } from './memory-history.js';

const memory = (name: string, spec: object, status?: object) =>
  ({ kind: 'Memory', metadata: { name, namespace: 'default' }, spec, status }) as unknown as Memory;
const asking = (spec: object = {}) =>
  ({
    ...query('q', { input: 'x', ...spec }),
    metadata: { name: 'q', namespace: 'default', uid: 'uid-q' },
  }) as unknown as Query;
const address = (value: string) => ({ address: { value } });

function house(...objects: Memory[]) {
  const informer = new MemoryInformer<Memory>();
  for (const object of objects) informer.put(object);
  const opened: MemoryConfig[] = [];
  const pages = [
    { items: [item(1, 'q1', 'user', 'Hi'), item(2, 'q1', 'system', 'secret')], next: 2 },
    { items: [item(3, 'q1', 'assistant', 'Hello'), item(4, 'uid-q', 'user', 'of this Query')] },
  ];
  const client = { read: async (_id: string, page: { after?: number }) => pages[page.after ? 1 : 0] };
  const open = (config: MemoryConfig) => {
    opened.push(config);
    return client as unknown as MemoryClient;
  };
  const forAddress = (url: string) => {
    if (url.startsWith('http')) return { open };
    throw invalid('no memory backend serves it');
  };
  const secret = { kind: 'Secret', metadata: { name: 'keys' }, data: { token: btoa('Bearer x') } };
  const lookup = new MemoryObjects().put(secret as never);
  const cache = { informer: () => informer } as unknown as ResourceCache;
  const memories = new Memories({ prepare: () => {} } as Messages, cache, lookup, { forAddress } as MemoryBackends, {});
  return { memories, opened };
}

const item = (sequence: number, queryId: string, role: string, content: string) => ({
  sequence,
  queryId,
  message: { role, content },
});

describe('the memory of a Query', () => {
  it('is the built-in one where its namespace has no Memory', async () => {
    expect(await house(memory('other', address('http://m'))).memories.of(asking())).toBeInstanceOf(SqlMemory);
  });

  it('is the Memory named default, unless it names another', async () => {
    const { memories, opened } = house(memory('default', address('http://m/')), memory('mine', address('http://n')));
    await memories.of(asking());
    await memories.of(asking({ memory: { name: 'mine' } }));
    expect(opened.map(({ name, address: at }) => [name, at])).toEqual([
      ['default', 'http://m'],
      ['mine', 'http://n'],
    ]);
  });

  it('gets the headers of its Memory, with keys', async () => {
    const headers = [{ name: 'Authorization', value: { valueFrom: { secretKeyRef: { name: 'keys', key: 'token' } } } }];
    const { memories, opened } = house(memory('default', { ...address('http://m'), headers }));
    await memories.of(asking());
    expect(opened[0]?.headers).toEqual({ Authorization: 'Bearer x' });
  });

  it.each([
    ['does not exist', [], "spec.memory: Memory 'default/m' does not exist"],
    [
      'is in error',
      [memory('m', address('http://m'), { phase: 'error', message: 'secret default/s does not exist' })],
      "query 'default/q': memory 'default/m' is not ready: secret default/s does not exist",
    ],
    [
      'has no address yet',
      [memory('m', { address: { valueFrom: { serviceRef: { name: 'absent' } } } })],
      "query 'default/q': memory 'default/m' is not ready: service default/absent does not exist; create it",
    ],
    ['speaks no known language', [memory('m', address('redis://m'))], 'is not ready: no memory backend serves it'],
  ])('stops the Query when it %s', async (_, objects, sentence) => {
    await expect(house(...objects).memories.of(asking({ memory: { name: 'm' } }))).rejects.toThrow(sentence);
  });
});

describe('the history in a memory', () => {
  it('is every page of the conversation, without prompts and without the Query that asks', async () => {
    const history = new MemoryHistory(
      house(memory('default', address('http://m'))).memories,
      new LateTurns(silentLogger),
    );
    const turns = await history.turns(asking(), 'thread');
    expect(turns.map(({ role, content }) => `${role}: ${content}`)).toEqual(['user: Hi', 'assistant: Hello']);
  });
});
