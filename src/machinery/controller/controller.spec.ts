import { describe, expect, it } from '@jest/globals';
import {
  conflict,
  follows,
  invalid,
  type KubeObject,
  Next,
  type ObjectMeta,
  type ReconcileContext,
  Resource,
} from '../../kit/index.js';
import { StatusError } from '../../kube/api-server/status.js';
import { BugReports } from '../observability/bug-reports.js';
import { Controller } from './controller.js';
import { EventRecorder } from './event-recorder.js';
import { FakeCache } from './fakes/fake-cache.js';
import { FakeClock, turn } from './fakes/fake-clock.js';
import { RecordingLogger, RecordingServer } from './fakes/recording-server.js';

@Resource({ group: 'example.com', version: 'v1', kind: 'Boat', plural: 'boats' })
class Boat implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec?: { harbour?: string };
  status?: { phase?: string };
}

@Resource({ group: 'example.com', version: 'v1', kind: 'Harbour', plural: 'harbours' })
class Harbour implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

@Resource({ group: 'example.com', version: 'v1', kind: 'Sail', plural: 'sails' })
class Sail extends Harbour {}

const boat = (name: string, rest: Partial<Boat> = {}): Boat => ({
  apiVersion: 'example.com/v1',
  kind: 'Boat',
  metadata: { name, namespace: 'sea', uid: `uid-${name}`, resourceVersion: '1' },
  ...rest,
});
const harbour = (name: string) => ({ ...boat(name), kind: 'Harbour' });

function setUp(reconcile: (boat: Boat, context: ReconcileContext) => Promise<Next>) {
  const cache = new FakeCache();
  const clock = new FakeClock();
  const server = new RecordingServer();
  const logger = new RecordingLogger();
  const bugs = new BugReports(logger);
  const seen: string[] = [];
  const forgotten: string[] = [];
  const controller = new Controller({
    options: {
      name: 'boat-state',
      kind: Boat,
      follows: [
        follows<Boat>(Harbour, (it) => (it.spec?.harbour ? [{ namespace: 'sea', name: it.spec.harbour }] : [])),
      ],
      owns: [Sail],
    },
    reconciler: {
      reconcile: (it: Boat, context: ReconcileContext) => {
        seen.push(it.metadata.name);
        return reconcile(it, context);
      },
      forget: (_key, uid) => void forgotten.push(uid),
    },
    cache,
    server,
    clock,
    logger,
    bugs,
    events: new EventRecorder(server, logger, clock),
    random: () => 0,
  });
  return {
    boats: cache.informer<Boat>({ plural: 'boats' }),
    cache,
    clock,
    server,
    bugs,
    logger,
    seen,
    forgotten,
    controller,
  };
}

function running(reconcile: (boat: Boat, context: ReconcileContext) => Promise<Next>) {
  const parts = setUp(reconcile);
  parts.controller.listen();
  parts.controller.start();
  return parts;
}

describe('a controller', () => {
  it('looks at everything that exists, once, after it was told to start', async () => {
    const { boats, controller, seen } = setUp(async () => Next.onChange());
    boats.put(boat('a'));
    controller.listen();
    boats.put(boat('b'));
    await turn();
    expect(seen).toEqual([]);
    controller.start();
    await turn();
    expect(seen).toEqual(['a', 'b']);
  });

  it('is woken by what its objects refer to and by what they own', async () => {
    const { boats, cache, seen } = running(async () => Next.onChange());
    boats.put(boat('a', { spec: { harbour: 'port' } }));
    boats.put(boat('b'));
    await turn();
    cache.informer({ plural: 'harbours' }).put(harbour('elsewhere'));
    cache.informer({ plural: 'harbours' }).put(harbour('port'));
    await turn();
    expect(seen).toEqual(['a', 'b', 'a']);
    const owner = { apiVersion: 'example.com/v1', kind: 'Boat', name: 'b', uid: 'uid-b' };
    const sail = { ...harbour('main'), kind: 'Sail' };
    cache.informer({ plural: 'sails' }).put({ ...sail, metadata: { ...sail.metadata, ownerReferences: [owner] } });
    await turn();
    expect(seen).toEqual(['a', 'b', 'a', 'b']);
  });

  it('comes back after the time asked for', async () => {
    const { boats, clock, seen } = running(async () => Next.after(60_000));
    boats.put(boat('a'));
    await clock.pass(0);
    await clock.pass(59_999);
    expect(seen).toHaveLength(1);
    await clock.pass(1);
    expect(seen).toHaveLength(2);
  });

  it('repeats what failed with growing pauses, and only bugs are counted', async () => {
    const { boats, clock, bugs, seen, logger } = running(async () => {
      throw new Error('oops');
    });
    boats.put(boat('a'));
    await clock.pass(0);
    expect(clock.nextIn).toBe(50);
    await clock.pass(50);
    expect(clock.nextIn).toBe(100);
    expect(seen).toHaveLength(2);
    expect(bugs.count).toBe(2);
    expect(logger.lines[0]).toMatchObject({ level: 'error', facts: { object: 'sea/a', controller: 'boat-state' } });
  });

  it('waits for a change after a mistake of the user', async () => {
    const { boats, clock, bugs, seen } = running(async () => {
      throw invalid('no sail');
    });
    boats.put(boat('a'));
    await clock.pass(3_600_000);
    expect(seen).toHaveLength(1);
    expect(bugs.count).toBe(0);
    boats.put(boat('a', { spec: {} }));
    await turn();
    expect(seen).toHaveLength(2);
  });

  it('repeats a lost race at once', async () => {
    let races = 3;
    const { boats, seen } = running(async () => {
      if (races-- > 0) throw conflict('stale');
      return Next.onChange();
    });
    boats.put(boat('a'));
    await turn();
    expect(seen).toHaveLength(4);
  });

  it('tells its reconciler what is gone, and what was replaced by another of the same name', async () => {
    const { boats, forgotten } = running(async () => Next.onChange());
    boats.put(boat('a'));
    boats.put({ ...boat('a'), metadata: { ...boat('a').metadata, uid: 'uid-2' } });
    boats.remove({ namespace: 'sea', name: 'a' });
    expect(forgotten).toEqual(['uid-a', 'uid-2']);
  });

  it('aborts the signal at shutdown and waits for running calls', async () => {
    let signal: AbortSignal | undefined;
    const { boats, controller } = running(async (_boat, context) => {
      signal = context.signal;
      await new Promise((resolve) => context.signal.addEventListener('abort', resolve));
      return Next.onChange();
    });
    boats.put(boat('a'));
    await turn();
    await controller.stop();
    expect(signal?.aborted).toBe(true);
  });
});

describe('the context of a reconciler', () => {
  it('applies a status under its own name, and only when it differs', async () => {
    const { boats, server } = running(async (it, context) => {
      await context.applyStatus(it, { phase: 'afloat' });
      return Next.onChange();
    });
    boats.put(boat('a'));
    await turn();
    boats.put(boat('a', { status: { phase: 'afloat' } }));
    await turn();
    expect(server.calls).toEqual([
      {
        verb: 'apply',
        plural: 'boats',
        object: {
          apiVersion: 'example.com/v1',
          kind: 'Boat',
          metadata: { name: 'a', namespace: 'sea' },
          status: { phase: 'afloat' },
        },
        options: { subresource: 'status', fieldManager: 'boat-state', force: true },
      },
    ]);
  });

  it('replaces a status at the version it has read', async () => {
    const { boats, server } = running(async (it, context) => {
      await context.replaceStatus(it, { phase: 'sunk' });
      return Next.onChange();
    });
    boats.put(boat('a'));
    await turn();
    expect(server.calls[0]).toMatchObject({
      verb: 'update',
      object: { metadata: { resourceVersion: '1' }, status: { phase: 'sunk' } },
      options: { subresource: 'status', fieldManager: 'boat-state' },
    });
  });

  it('deletes only the object it meant', async () => {
    const { boats, server } = running(async (it, context) => {
      await context.delete(it);
      return Next.onChange();
    });
    server.refusals.push(new StatusError('Conflict', 'another uid'));
    boats.put(boat('a'));
    await turn();
    expect(server.calls[0]).toMatchObject({ verb: 'delete', options: { preconditions: { uid: 'uid-a' } } });
  });

  it('refuses to read a kind that was not declared', async () => {
    @Resource({ group: 'example.com', version: 'v1', kind: 'Fish', plural: 'fish' })
    class Fish extends Harbour {}
    const { boats, logger } = running(async (_boat, context) => {
      context.list(Fish);
      return Next.onChange();
    });
    boats.put(boat('a'));
    await turn();
    expect(logger.lines[0]?.sentence).toContain('reconciler boat-state reads Fish but declares it nowhere');
  });
});
