import { beforeEach, describe, expect, it } from '@jest/globals';
import { StatusError } from '../../kube/api-server/status.js';
import { FakeClock, turn } from '../controller/fakes/fake-clock.js';
import { RecordingLogger, RecordingServer } from '../controller/fakes/recording-server.js';
import type { Settings } from '../settings/settings.js';
import { holderName } from './holder-name.js';
import { LeaseHolders } from './lease-holders.js';

const lease = (name: string, renewTime: string, labels?: Record<string, string>) => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name, labels },
  spec: { renewTime },
});

describe('the holders of a cluster', () => {
  let clock: FakeClock;
  let server: RecordingServer;
  let holders: LeaseHolders;
  beforeEach(() => {
    clock = new FakeClock();
    server = new RecordingServer();
    const settings = { namespace: 'ark', roles: ['controller'] } as unknown as Settings;
    holders = new LeaseHolders(server, settings, new RecordingLogger(), clock);
  });

  it('take a Lease of their own and renew it every two seconds', async () => {
    server.refusals.push(new StatusError('NotFound', 'no lease yet'));
    await holders.onApplicationBootstrap();
    expect(server.calls.map(({ verb }) => verb)).toEqual(['patch', 'create', 'list']);
    expect(server.calls[1]?.object).toMatchObject({
      metadata: { name: holders.self, namespace: 'ark' },
      spec: { holderIdentity: holders.self, leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:00.000000Z' },
    });
    await clock.pass(4_000);
    const renewals = server.calls.filter(({ verb }) => verb === 'patch').slice(1);
    expect(renewals).toMatchObject([
      { body: { spec: { renewTime: '2026-01-01T00:00:02.000000Z' } } },
      { body: { spec: { renewTime: '2026-01-01T00:00:04.000000Z' } } },
    ]);
  });

  it('declare nobody dead before they have looked', async () => {
    expect(holders.isAlive('peer')).toBe(true);
    await holders.onApplicationBootstrap();
    expect(holders.isAlive('peer')).toBe(false);
  });

  it('believe in a peer while its Lease moves, whatever its clock says', async () => {
    server.lists = [lease('peer', '1999-01-01T00:00:00.000000Z')];
    await holders.onApplicationBootstrap();
    await clock.pass(8_000);
    expect(holders.isAlive('peer')).toBe(true);
    server.lists = [lease('peer', '1999-01-01T00:00:05.000000Z')];
    await clock.pass(10_000);
    expect(holders.isAlive('peer')).toBe(true);
  });

  it('find a peer dead within the duration of its Lease, and say so once', async () => {
    server.lists = [lease('peer', 't')];
    const gone: string[] = [];
    holders.onGone((holder) => gone.push(holder));
    await holders.onApplicationBootstrap();
    // It renewed right after this look, and died.
    server.lists = [lease('peer', 'u')];
    await clock.pass(14_000);
    expect(holders.isAlive('peer')).toBe(false);
    await clock.pass(10_000);
    expect(gone).toEqual(['peer']);
  });

  it('take nobody for dead because the API server was away', async () => {
    server.lists = [lease('peer', 't')];
    await holders.onApplicationBootstrap();
    const { patch } = server;
    server.patch = () => Promise.reject(new StatusError('ServiceUnavailable', 'down'));
    await clock.pass(60_000);
    server.patch = patch;
    await clock.pass(2_000);
    expect(holders.isAlive('peer')).toBe(true);
    await clock.pass(8_000);
    expect(holders.isAlive('peer')).toBe(false);
  });

  it('go on after a heartbeat that nobody answers', async () => {
    await holders.onApplicationBootstrap();
    const { patch } = server;
    server.patch = () => new Promise(() => undefined);
    await clock.pass(2_000);
    server.patch = patch;
    const calls = server.calls.length;
    await clock.pass(6_000);
    expect(server.calls.length).toBeGreaterThan(calls);
  });

  it('see at the next look that a peer has released its Lease', async () => {
    server.lists = [lease('peer', 't')];
    await holders.onApplicationBootstrap();
    server.lists = [];
    await clock.pass(2_000);
    expect(holders.isAlive('peer')).toBe(false);
  });

  it('believe in a peer that started since the last look until a later look lacks it', async () => {
    await holders.onApplicationBootstrap();
    expect(holders.isAlive('late')).toBe(true);
    expect(holders.isAlive('phantom')).toBe(true);
    server.lists = [lease('late', 't')];
    await clock.pass(2_000);
    expect(holders.isAlive('late')).toBe(true);
    expect(holders.isAlive('phantom')).toBe(false);
  });

  it('do not count a look begun before a peer was mentioned', async () => {
    const looking = holders.onApplicationBootstrap();
    server.list = async <T>() => {
      await Promise.resolve();
      holders.isAlive('late');
      return { items: [] as T[], metadata: { resourceVersion: '1' } };
    };
    await looking;
    expect(holders.isAlive('late')).toBe(true);
    await clock.pass(2_000);
    expect(holders.isAlive('late')).toBe(false);
  });

  it('go on after a failure', async () => {
    server.refusals.push(new StatusError('ServiceUnavailable', 'down'));
    await holders.onApplicationBootstrap();
    expect(holders.isAlive('peer')).toBe(true);
    await clock.pass(2_000);
    expect(holders.isAlive('peer')).toBe(false);
  });

  it('release their Lease at shutdown and stop renewing', async () => {
    await holders.onApplicationBootstrap();
    await holders.beforeApplicationShutdown();
    const calls = server.calls.length;
    expect(server.calls.at(-1)).toMatchObject({ verb: 'delete', key: { name: holders.self, namespace: 'ark' } });
    await clock.pass(20_000);
    expect(server.calls).toHaveLength(calls);
  });

  it('do not take a Lease again when shutdown meets a heartbeat', async () => {
    server.refusals.push(new StatusError('NotFound', 'no lease yet'));
    const beating = holders.onApplicationBootstrap();
    await holders.beforeApplicationShutdown();
    await beating;
    expect(server.calls.map(({ verb }) => verb)).toEqual(['patch', 'delete']);
  });

  it('hold up a shutdown for two seconds at most when the API server is silent', async () => {
    await holders.onApplicationBootstrap();
    server.patch = () => new Promise(() => undefined);
    server.delete = () => new Promise(() => undefined);
    await clock.pass(2_000);
    let ended = false;
    const ending = holders.beforeApplicationShutdown().then(() => {
      ended = true;
    });
    await clock.pass(1_999);
    expect(ended).toBe(false);
    await clock.pass(1);
    await ending;
  });

  it('release their Lease after the heartbeat that takes it', async () => {
    server.refusals.push(new StatusError('NotFound', 'no lease yet'));
    let answer = () => {};
    const create = server.create.bind(server);
    const asked = new Promise<void>((reached) => {
      server.create = async (...args) => {
        reached();
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        return create(...args) as never;
      };
    });
    const beating = holders.onApplicationBootstrap();
    await asked;
    const ending = holders.beforeApplicationShutdown();
    await turn();
    answer();
    await Promise.all([beating, ending]);
    expect(server.calls.map(({ verb }) => verb)).toEqual(['patch', 'create', 'delete']);
  });
});

describe('what only one process has to do', () => {
  const start = async (leases: object[]) => {
    const server = new RecordingServer();
    const clock = new FakeClock();
    const holders = new LeaseHolders(
      server,
      { namespace: 'ark', roles: ['controller'] } as unknown as Settings,
      new RecordingLogger(),
      clock,
    );
    server.lists = [...leases, lease(holders.self, 'own')] as typeof server.lists;
    await holders.onApplicationBootstrap();
    return { server, clock, holders };
  };
  const objects = Array.from({ length: 100 }, (_, i) => `uid-${i}`);

  it('is done by one of several, and all of them do something', async () => {
    const one = await start([]);
    const other = await start([lease(one.holders.self, 't')]);
    one.server.lists = [lease(one.holders.self, 't'), lease(other.holders.self, 't')];
    await one.clock.pass(2_000);
    const mine = objects.filter((uid) => one.holders.isMine(uid));
    const theirs = objects.filter((uid) => other.holders.isMine(uid));
    expect([...mine, ...theirs].sort()).toEqual([...objects].sort());
    expect(Math.min(mine.length, theirs.length)).toBeGreaterThan(10);
  });

  it('is left to no process that only serves doors', async () => {
    const server = new RecordingServer();
    const doors = { namespace: 'ark', roles: ['api', 'gateway'] } as unknown as Settings;
    server.refusals.push(new StatusError('NotFound', 'no lease yet'));
    await new LeaseHolders(server, doors, new RecordingLogger(), new FakeClock()).onApplicationBootstrap();
    const taken = server.calls.find(({ verb }) => verb === 'create')!.object as ReturnType<typeof lease>;
    const { holders } = await start([lease('doors', 't', taken.metadata.labels)]);
    expect(holders.isAlive('doors')).toBe(true);
    expect(objects.every((uid) => holders.isMine(uid))).toBe(true);
  });

  it('is done by the others when a process has died', async () => {
    const { clock, holders } = await start([lease('peer', 't')]);
    expect(objects.every((uid) => holders.isMine(uid))).toBe(false);
    await clock.pass(15_000);
    expect(objects.every((uid) => holders.isMine(uid))).toBe(true);
  });
});

describe('the name of a holder', () => {
  it('is a DNS label that no other start shares', () => {
    const name = holderName('Build.Machine_7.example.com'.repeat(3), 4194304);
    expect(name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
    expect(holderName()).not.toBe(holderName());
  });
});
