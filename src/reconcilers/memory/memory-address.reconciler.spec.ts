import { beforeEach, describe, expect, it } from '@jest/globals';
import { invalid, type MemoryBackends, reconcilers } from '../../kit/index.js';
import { Memory, type MemorySpec } from '../../resources/memory/memory.resource.js';
import { FakeContext } from '../fake-context.js';
import { MemoryAddressReconciler } from './memory-address.reconciler.js';

const KEY = { namespace: 'n', name: 'm' };
const BY_SERVICE: MemorySpec = { address: { valueFrom: { serviceRef: { name: 'memory', path: '/memory' } } } };
const WITH_KEY: MemorySpec = {
  address: { value: 'http://memory:80' },
  headers: [{ name: 'Authorization', value: { valueFrom: { secretKeyRef: { name: 'keys', key: 'token' } } } }],
};

const backends: MemoryBackends = {
  forAddress: (address) => {
    if (!address.startsWith('http')) throw invalid(`nobody serves ${address}`);
    return { open: () => undefined as never };
  },
};

describe('a memory', () => {
  let context: FakeContext;
  let mine: boolean;
  const memory = (spec: MemorySpec): Memory => ({
    apiVersion: 'ark.mckinsey.com/v1alpha1',
    kind: 'Memory',
    metadata: KEY,
    spec,
  });
  const service = (port: number) =>
    context.put({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: 'n', name: 'memory' },
      spec: { ports: [{ port }] },
    } as never);
  const look = async () => {
    const next = await new MemoryAddressReconciler(backends, { isMine: () => mine }).reconcile(
      context.get(Memory, KEY)!,
      context,
    );
    return { ...context.get(Memory, KEY)?.status, again: next.afterMs };
  };
  beforeEach(() => {
    context = new FakeContext();
    mine = true;
  });

  it('is ready at its address', async () => {
    context.put(memory({ address: { value: 'http://memory:8080' } }));
    expect(await look()).toMatchObject({ phase: 'ready', lastResolvedAddress: 'http://memory:8080', again: undefined });
  });

  it('follows the Service behind its address, also when it was ready before', async () => {
    context.put(memory(BY_SERVICE));
    expect(await look()).toMatchObject({
      phase: 'error',
      message: 'service n/memory does not exist; create it',
      again: 60_000,
    });
    service(80);
    expect(await look()).toMatchObject({ lastResolvedAddress: 'http://memory.n.svc.cluster.local:80/memory' });
    service(8080);
    expect(await look()).toMatchObject({ lastResolvedAddress: 'http://memory.n.svc.cluster.local:8080/memory' });
  });

  it('is woken by what its address and its headers are read from', () => {
    const follows = reconcilers.markOf(MemoryAddressReconciler)?.options.follows ?? [];
    const woken = (spec: MemorySpec) =>
      follows.flatMap(({ kind, references }) => references(memory(spec)).map(({ name }) => `${kind.name} ${name}`));
    expect(woken(BY_SERVICE)).toEqual(['Service memory']);
    expect(woken(WITH_KEY)).toEqual(['Secret keys']);
  });

  it('is in error while a header lacks its Secret, and says so once', async () => {
    context.put(memory(WITH_KEY));
    expect(await look()).toMatchObject({
      phase: 'error',
      message: 'header "Authorization": secret n/keys does not exist; create it',
    });
    await look();
    expect(context.events).toHaveLength(1);
    expect(context.writes).toHaveLength(1);
  });

  it('leaves headers that wait for a Query to the Query', async () => {
    const headers = [{ name: 'X-User', value: { valueFrom: { queryParameterRef: { name: 'user' } } } }];
    context.put(memory({ address: { value: 'http://memory' }, headers }));
    expect(await look()).toMatchObject({ phase: 'ready' });
  });

  it('is in error with an address that no installed backend serves', async () => {
    context.put(memory({ address: { value: 'memory:8080/' } }));
    expect(await look()).toMatchObject({ phase: 'error', message: 'nobody serves memory:8080/' });
  });

  it('is left to the process whose duty it is, which this one may become', async () => {
    mine = false;
    context.put(memory(WITH_KEY));
    expect((await look()).again).toBeGreaterThan(0);
    expect([context.writes, context.events]).toEqual([[], []]);
  });
});
