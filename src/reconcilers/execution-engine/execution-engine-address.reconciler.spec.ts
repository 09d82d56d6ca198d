import { beforeEach, describe, expect, it } from '@jest/globals';
import { reconcilers } from '../../kit/index.js';
import { Secret } from '../../resources/core/secret.resource.js';
import { ExecutionEngine } from '../../resources/execution-engine/execution-engine.resource.js';
import type { AddressSource } from '../../resources/shared/value-source.js';
import { FakeContext } from '../fake-context.js';
import { ExecutionEngineAddressReconciler } from './execution-engine-address.reconciler.js';

const KEY = { namespace: 'n', name: 'e' };
const fromSecret: AddressSource = { valueFrom: { secretKeyRef: { name: 'urls', key: 'engine' } } };

describe('an execution engine', () => {
  let context: FakeContext;
  let mine: boolean;
  const engine = (address: AddressSource): ExecutionEngine => ({
    apiVersion: 'ark.mckinsey.com/v1prealpha1',
    kind: 'ExecutionEngine',
    metadata: KEY,
    spec: { address },
  });
  const secret = (url: string) => {
    const data = { engine: Buffer.from(url).toString('base64') };
    context.put({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'n', name: 'urls' }, data });
  };
  const look = async () => {
    await new ExecutionEngineAddressReconciler({ isMine: () => mine }).reconcile(
      context.get(ExecutionEngine, KEY)!,
      context,
    );
    return context.get(ExecutionEngine, KEY)?.status;
  };
  beforeEach(() => {
    context = new FakeContext();
    mine = true;
  });

  it('is ready when its address is a URL', async () => {
    context.put(engine({ value: 'http://engine:8000' }));
    expect(await look()).toMatchObject({ phase: 'ready', lastResolvedAddress: 'http://engine:8000' });
  });

  it('follows the Secret that its address comes from', async () => {
    context.put(engine(fromSecret));
    expect(await look()).toEqual({
      phase: 'error',
      message: 'The address cannot be resolved: secret n/urls does not exist; create it',
    });
    secret('http://one');
    expect(await look()).toMatchObject({ phase: 'ready', lastResolvedAddress: 'http://one' });
    secret('http://two');
    expect(await look()).toMatchObject({ lastResolvedAddress: 'http://two' });
    const follows = reconcilers.markOf(ExecutionEngineAddressReconciler)?.options.follows ?? [];
    const keys = follows.map(({ kind, references }) => [kind, references(engine(fromSecret))] as const);
    expect(keys.find(([kind]) => kind === Secret)?.[1]).toEqual([{ namespace: 'n', name: 'urls' }]);
    expect(keys.flatMap(([, references]) => references)).toHaveLength(1);
  });

  it('follows the port of the Service that its address names, and its own spec', async () => {
    const service = (port: number) =>
      context.put({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { namespace: 'n', name: 'engine' },
        spec: { ports: [{ port }] },
      } as never);
    service(80);
    context.put(engine({ valueFrom: { serviceRef: { name: 'engine' } } }));
    expect(await look()).toMatchObject({ lastResolvedAddress: 'http://engine.n.svc.cluster.local:80' });
    service(8080);
    expect(await look()).toMatchObject({ lastResolvedAddress: 'http://engine.n.svc.cluster.local:8080' });
    context.put(engine({ value: 'http://elsewhere' }));
    expect(await look()).toMatchObject({ phase: 'ready', lastResolvedAddress: 'http://elsewhere' });
  });

  it('is in error with an address that is no URL', async () => {
    context.put(engine({ value: 'engine:8000' }));
    expect(await look()).toMatchObject({ phase: 'error', message: expect.stringContaining('spec.address') });
  });

  it('reports each failure once', async () => {
    context.put(engine(fromSecret));
    await look();
    await look();
    expect(context.events).toMatchObject([{ type: 'Warning', reason: 'AddressResolutionFailed' }]);
    expect(context.writes).toHaveLength(1);
  });

  it('is left to the process whose duty it is', async () => {
    mine = false;
    context.put(engine(fromSecret));
    expect(await look()).toBeUndefined();
    expect([context.writes, context.events]).toEqual([[], []]);
  });
});
