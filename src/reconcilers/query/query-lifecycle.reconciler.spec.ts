import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/harness/eventually.js';
import { conflict, invalid, noMetrics, notFound, unavailable } from '../../kit/index.js';
import { Query, type QueryStatus } from '../../resources/query/query.resource.js';
import { FakeContext } from '../fake-context.js';
import { type QueryAttempt, QueryDispatcher, type QueryOutcome } from './query-dispatcher.js';
import { QueryLifecycleReconciler } from './query-lifecycle.reconciler.js';

interface Dispatch {
  query: Query;
  attempt: QueryAttempt;
  signal: AbortSignal;
  answer(content: string, phase?: QueryOutcome['phase']): void;
  fail(error: Error): void;
}

/** Lets the test answer; ignores its signal, as the worst engine does. */
class ScriptedDispatcher extends QueryDispatcher {
  readonly calls: Dispatch[] = [];

  dispatch(query: Query, attempt: QueryAttempt, signal: AbortSignal): Promise<QueryOutcome[]> {
    return new Promise((resolve, reject) => {
      const target = { type: 'agent', name: 'a' };
      this.calls.push({
        query,
        attempt,
        signal,
        answer: (content, phase = 'done') => resolve([{ target, content, raw: '[]', phase }]),
        fail: reject,
      });
    });
  }
}

const NAME = { namespace: 'n', name: 'q' };
const newQuery = (name = 'q', spec: Partial<Query['spec']> = {}, status?: QueryStatus): Query => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Query',
  metadata: { name, namespace: 'n', uid: `uid-${name}`, generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: { input: 'hi', target: { type: 'agent', name: 'a' }, ...spec },
  status,
});

describe('the life of a Query', () => {
  let context: FakeContext;
  let dispatcher: ScriptedDispatcher;
  let reconciler: QueryLifecycleReconciler;
  const alive = new Set<string>();
  let gone: (holder: string) => void;
  const start = (maxConcurrentQueries = 2) => {
    const isAlive = (holder: string) => holder === 'me' || alive.has(holder);
    const holders = { self: 'me', isAlive, onGone: (listener: typeof gone) => (gone = listener) };
    const unused = { modelProbeTimeoutMs: 1, a2aAgentNamePrefix: 'onConflict', kubernetes: 'embedded' } as const;
    const settings = { maxConcurrentQueries, ...unused };
    return new QueryLifecycleReconciler(dispatcher, holders, settings, noMetrics);
  };
  const reconcile = (name = 'q') => reconciler.reconcile(context.get(Query, { namespace: 'n', name })!, context);
  const status = (name = 'q') => context.get(Query, { namespace: 'n', name })?.status;
  const settle = async () => {
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  const until = (holds: () => boolean) => eventually(holds, { every: 5 });
  beforeEach(() => {
    alive.clear();
    context = new FakeContext();
    dispatcher = new ScriptedDispatcher();
    reconciler = start();
  });
  afterEach(() => context.stopping.abort());

  it('takes two status writes: the claim and the end', async () => {
    context.put(newQuery());
    await reconcile();
    expect(status()).toMatchObject({
      phase: 'running',
      conditions: [{ type: 'Completed', status: 'False', reason: 'QueryRunning' }],
      claim: { holder: 'me', attempt: 1, since: '2026-01-01T00:00:00.000Z' },
    });
    expect(dispatcher.calls[0]?.attempt).toMatchObject({ id: status()?.claim?.id, number: 1, messageId: 'msg-uid-q' });
    expect(dispatcher.calls[0]?.attempt.resumeTaskId).toBeUndefined();
    await reconcile();
    dispatcher.calls[0]?.answer('hello');
    await settle();
    await reconcile();
    expect(status()).toMatchObject({ phase: 'done', response: { content: 'hello' }, claim: { attempt: 1 } });
    expect(context.writes).toHaveLength(2);
    expect(dispatcher.calls).toHaveLength(1);
    expect(context.events.map(({ reason }) => reason)).toEqual(['QueryExecutionStart', 'QueryExecutionComplete']);
  });

  it('is not begun by who loses the race for the claim', async () => {
    const seen = context.put(newQuery());
    context.put(newQuery('q', {}, { phase: 'running', claim: { id: 'x', holder: 'peer', attempt: 1, since: 't' } }));
    alive.add('peer');
    await expect(reconciler.reconcile(seen, context)).rejects.toMatchObject({ family: 'Conflict' });
    expect(dispatcher.calls).toHaveLength(0);
    expect((await reconcile()).afterMs).toBe(5_000);
  });

  it('says in an Event that it is too large to begin', async () => {
    context.put(newQuery());
    context.refusals.push(invalid('request is too large'));
    await expect(reconcile()).rejects.toMatchObject({ family: 'Invalid' });
    expect(context.events).toMatchObject([{ type: 'Warning', reason: 'QueryNotStorable' }]);
  });

  it('is begun once although the picture of it is old', async () => {
    const old = context.put(newQuery());
    await reconcile();
    dispatcher.calls[0]?.answer('hello');
    await settle();
    await reconciler.reconcile(old, context);
    expect(dispatcher.calls).toHaveLength(1);
    expect(status()?.phase).toBe('done');
  });

  it('is taken over from a dead holder with the same message id and the next attempt', async () => {
    const claim = { id: 'x', holder: 'dead', attempt: 2, since: 't' };
    context.put(newQuery('q', {}, { phase: 'running', claim, a2a: { taskId: 'task-1' } }));
    await reconcile();
    expect(dispatcher.calls[0]?.attempt).toMatchObject({ number: 3, messageId: 'msg-uid-q', resumeTaskId: 'task-1' });
    expect(status()?.claim).toMatchObject({ holder: 'me', attempt: 3 });
  });

  it('is looked at the moment its holder is found gone', async () => {
    const held = (holder: string) => ({ id: holder, holder, attempt: 1, since: 't' });
    for (const holder of ['peer', 'other']) {
      alive.add(holder);
      context.put(newQuery(`q-${holder}`, {}, { phase: 'running', claim: held(holder) }));
      await reconcile(`q-${holder}`);
    }
    context.put(newQuery('q-done', {}, { phase: 'done', claim: held('peer') }));
    gone('peer');
    expect(context.woken).toEqual(['n/q-peer']);
  });

  it('goes on when the answer to the claim was lost', async () => {
    const claim = { id: 'mine', holder: 'me', attempt: 1, since: '2026-01-01T00:00:00.000Z' };
    context.put(newQuery('q', {}, { phase: 'running', claim }));
    await reconcile();
    expect(dispatcher.calls[0]?.attempt).toMatchObject({ id: 'mine', number: 1 });
  });

  it('ends as an error that names the cause', async () => {
    context.put(newQuery());
    await reconcile();
    dispatcher.calls[0]?.fail(notFound('Agent n/a does not exist.'));
    await settle();
    expect(status()).toMatchObject({ phase: 'error', response: { content: 'Agent n/a does not exist.' } });
    expect(context.events.at(-1)).toMatchObject({ type: 'Warning', reason: 'QueryExecutionError' });
  });

  it('is canceled at once, also when its engine does not listen', async () => {
    context.put(newQuery());
    await reconcile();
    context.put({ ...context.get(Query, NAME)!, spec: { input: 'hi', cancel: true } });
    await reconcile();
    await until(() => status()?.phase === 'canceled');
    expect(dispatcher.calls[0]?.signal.aborted).toBe(true);
    dispatcher.calls[0]?.answer('too late');
    await settle();
    expect(status()).toMatchObject({ phase: 'canceled', conditions: [{ status: 'True', reason: 'QueryCanceled' }] });
  });

  it('is not rewritten by a cancel after its end', async () => {
    context.put(newQuery('q', { cancel: true }, { phase: 'done' }));
    await reconcile();
    expect(status()?.phase).toBe('done');
  });

  it('ends when its time is over, counted from the claim', async () => {
    context.put(newQuery('q', { timeout: '20ms' }));
    await reconcile();
    await until(() => status()?.phase === 'error');
    expect(status()?.response?.content).toContain('context deadline exceeded');
    expect(dispatcher.calls[0]?.signal.aborted).toBe(true);
  });

  it('keeps what is answered after the time-out is signalled', async () => {
    context.put(newQuery('q', { timeout: '20ms' }));
    await reconcile();
    const call = dispatcher.calls[0]!;
    call.signal.addEventListener('abort', () => setImmediate(() => call.answer('finished in time')));
    await until(() => status()?.phase === 'done');
    expect(status()?.response?.content).toBe('finished in time');
  });

  it('is not rewritten when somebody else ended it, and its run stops', async () => {
    context.put(newQuery());
    await reconcile();
    const current = context.get(Query, NAME)!;
    context.put({ ...current, status: { ...current.status, phase: 'canceled' } });
    const writes = context.writes.length;
    await reconcile();
    expect(dispatcher.calls[0]?.signal.aborted).toBe(true);
    dispatcher.calls[0]?.answer('late');
    await settle();
    expect(status()?.phase).toBe('canceled');
    expect(context.writes).toHaveLength(writes);
  });

  it('keeps its answer until it can be stored, and is not begun again meanwhile', async () => {
    context.put(newQuery());
    await reconcile();
    context.refusals.push(unavailable('down'), conflict('stale'), unavailable('down'));
    dispatcher.calls[0]?.answer('hello');
    await settle();
    await reconcile();
    await until(() => status()?.phase === 'done');
    expect(dispatcher.calls).toHaveLength(1);
  });

  it('ends as an error when its answer cannot be stored at all', async () => {
    context.put(newQuery());
    await reconcile();
    context.refusals.push(invalid('too large'));
    dispatcher.calls[0]?.answer('hello');
    await settle();
    expect(status()).toMatchObject({
      phase: 'error',
      response: { content: 'The answer could not be stored: too large' },
    });
  });

  it('ends as a short error when the server refuses its answer for long, and gives its slot back', async () => {
    reconciler = start(1);
    for (const name of ['q', 'r']) context.put(newQuery(name));
    await reconcile('q');
    const refusal = () => unavailable('failed calling webhook', { reason: 'InternalError' });
    context.refusals.push(refusal(), refusal(), refusal(), refusal());
    dispatcher.calls[0]?.answer('hello');
    await until(() => context.refusals.length < 4);
    context.time = new Date(context.time.getTime() + 10_000);
    await until(() => status('q')?.phase === 'error');
    expect(status('q')?.response?.content).toBe('The answer could not be stored: failed calling webhook');
    await settle();
    await reconcile('r');
    expect(status('r')?.phase).toBe('running');
  });

  it('gives its slot back when not even a short error is taken, which is tried again', async () => {
    reconciler = start(1);
    for (const name of ['q', 'r']) context.put(newQuery(name));
    await reconcile('q');
    context.refusals.push(invalid('no'), invalid('never'));
    dispatcher.calls[0]?.answer('hello');
    await settle();
    await reconcile('r');
    expect(status('r')?.phase).toBe('running');
    context.refusals.push(unavailable('still no', { reason: 'InternalError' }));
    await expect(reconcile('q')).rejects.toThrow('still no');
    await reconcile('q');
    expect(status('q')).toMatchObject({
      phase: 'error',
      response: { content: 'The answer could not be stored: never' },
    });
    expect(dispatcher.calls).toHaveLength(2);
  });

  it('can be canceled when its end cannot be stored at all, and is not begun again', async () => {
    context.put(newQuery());
    await reconcile();
    context.refusals.push(invalid('too large'), invalid('still too large'));
    dispatcher.calls[0]?.answer('hello');
    await settle();
    expect(context.woken).toEqual(['n/q']);
    context.put({ ...context.get(Query, NAME)!, spec: { input: 'hi', cancel: true } });
    await reconcile();
    expect(dispatcher.calls).toHaveLength(1);
    expect(status()?.phase).toBe('canceled');
  });

  it('keeps what others changed while it ran', async () => {
    context.put(newQuery());
    await reconcile();
    const current = context.get(Query, NAME)!;
    const memory = {
      type: 'MemoryUnavailable',
      status: 'False' as const,
      reason: 'R',
      message: '',
      lastTransitionTime: 't',
    };
    const conditions = [...(current.status?.conditions ?? []), memory];
    context.put({ ...current, status: { ...current.status, conditions } });
    dispatcher.calls[0]?.answer('hello');
    await settle();
    expect(status()?.conditions?.map(({ type }) => type)).toEqual(['Completed', 'MemoryUnavailable']);
  });

  it('waits for a slot without a write at first, then as pending, and is woken when one is free', async () => {
    reconciler = start(1);
    for (const name of ['q', 'r']) context.put(newQuery(name));
    await reconcile('q');
    expect((await reconcile('r')).afterMs).toBe(1_000);
    expect(status('r')).toBeUndefined();
    context.time = new Date(context.time.getTime() + 1_000);
    expect((await reconcile('r')).afterMs).toBeUndefined();
    expect(status('r')).toMatchObject({ phase: 'pending', conditions: [{ status: 'False', reason: 'QueryQueued' }] });
    dispatcher.calls[0]?.answer('hello');
    await settle();
    expect(context.woken).toEqual(['n/r']);
    await reconcile('r');
    expect(status('r')).toMatchObject({ phase: 'running', claim: { attempt: 1 } });
  });

  it('gives its slot to the next when it is canceled, deleted or lost to a peer while it waits', async () => {
    reconciler = start(1);
    for (const name of ['q', 'r', 's', 't']) context.put(newQuery(name));
    for (const name of ['q', 'r', 's', 't']) await reconcile(name);
    context.put(newQuery('r', { cancel: true }));
    await reconcile('r');
    expect(status('r')?.phase).toBe('canceled');
    reconciler.forget({ namespace: 'n', name: 's' }, 'uid-s');
    dispatcher.calls[0]?.answer('hello');
    await settle();
    expect(context.woken).toEqual(['n/t']);
    alive.add('peer');
    const claim = { id: 'x', holder: 'peer', attempt: 1, since: 't' };
    context.put(newQuery('t', {}, { phase: 'running', claim }));
    context.put(newQuery('u'));
    expect((await reconcile('u')).afterMs).toBe(1_000);
    await reconcile('t');
    expect(context.woken).toEqual(['n/t', 'n/u']);
  });

  it('is given up after three holders died over it', async () => {
    const claim = { id: 'x', holder: 'dead', attempt: 4, lost: 2, since: '2026-01-01T00:00:00Z' };
    context.put(newQuery('q', {}, { phase: 'running', claim }));
    await reconcile();
    expect(status()).toMatchObject({
      phase: 'error',
      response: { content: expect.stringContaining('3 times the process') },
    });
  });

  it('is deleted when it has outlived its time to live, not before', async () => {
    const conditions = [
      {
        type: 'Completed',
        status: 'True' as const,
        reason: 'R',
        message: '',
        lastTransitionTime: '2026-01-01T00:00:00Z',
      },
    ];
    context.put(newQuery('q', { ttl: '1m' }, { phase: 'done', conditions }));
    expect((await reconcile()).afterMs).toBe(60_000);
    context.time = new Date('2026-01-01T00:01:00Z');
    await reconcile();
    expect(context.get(Query, NAME)).toBeUndefined();
  });

  it('stays running when the process stops, for the next holder to take over', async () => {
    context.put(newQuery());
    await reconcile();
    context.stopping.abort();
    await settle();
    expect(dispatcher.calls[0]?.signal.aborted).toBe(true);
    expect(status()?.phase).toBe('running');
  });

  it('is given back when the process stops, which is no crash', async () => {
    context.put(newQuery());
    await reconcile();
    context.stopping.abort();
    await reconciler.onApplicationShutdown();
    expect(status()?.claim).toMatchObject({ holder: 'me', attempt: 1, released: true });
    context = new FakeContext();
    context.put(
      newQuery('q', {}, { phase: 'running', claim: { ...dispatcher.calls[0]!.query.status!.claim!, released: true } }),
    );
    reconciler = start();
    await reconcile();
    expect(status()?.claim).toEqual({ id: expect.anything(), holder: 'me', attempt: 2, since: expect.anything() });
  });

  it('is given back although somebody else wrote meanwhile', async () => {
    context.put(newQuery());
    await reconcile();
    context.refusals.push(conflict('somebody annotated it'));
    context.stopping.abort();
    await reconciler.onApplicationShutdown();
    expect(status()?.claim).toMatchObject({ attempt: 1, released: true });
  });

  it('is stopped when it is deleted', async () => {
    context.put(newQuery());
    await reconcile();
    await context.delete(context.get(Query, NAME)!);
    reconciler.forget(NAME, 'uid-q');
    await settle();
    expect(dispatcher.calls[0]?.signal.aborted).toBe(true);
  });
});
