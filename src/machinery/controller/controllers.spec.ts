import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { invalid, type KubeObject, Next, type ObjectMeta, Resource } from '../../kit/index.js';
import type { ResourceCache } from '../../kube/cache/resource-cache.js';
import { Holders } from '../leadership/holders.js';
import { BugReports } from '../observability/bug-reports.js';
import { HealthChecks } from '../observability/health-checks.js';
import { PrometheusMetrics } from '../observability/metrics/prometheus-metrics.js';
import type { InstalledExtensions } from '../registry/installed-extensions.js';
import type { Settings } from '../settings/settings.js';
import { Controllers } from './controllers.js';
import { FakeCache } from './fakes/fake-cache.js';
import { turn } from './fakes/fake-clock.js';
import { RecordingLogger, RecordingServer } from './fakes/recording-server.js';

@Resource({ group: 'example.com', version: 'v1', kind: 'Boat', plural: 'boats' })
class Boat implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** A cache whose state the test decides. */
class ScriptedCache extends FakeCache {
  state: { synced: boolean; error?: string } = { synced: false };
  finishSync!: () => void;
  private readonly syncing = new Promise<void>((resolve) => {
    this.finishSync = resolve;
  });

  synced(): Promise<void> {
    return this.syncing;
  }

  health() {
    return [{ type: { plural: 'boats' }, objects: 1, restarts: 4, ...this.state }];
  }
}

class ScriptedHolders extends Holders {
  readonly self = 'self';
  end!: (holder: string) => void;
  isAlive = () => true;
  isMine = () => true;

  onGone(listener: (holder: string) => void): void {
    this.end = listener;
  }
}

describe('the controllers of an application', () => {
  let cache: ScriptedCache;
  let health: HealthChecks;
  let controllers: Controllers;
  let holders: ScriptedHolders;
  let seen: string[];
  let metrics: PrometheusMetrics;
  let failures: Error[];
  beforeEach(() => {
    cache = new ScriptedCache();
    health = new HealthChecks();
    holders = new ScriptedHolders();
    seen = [];
    metrics = new PrometheusMetrics();
    failures = [];
    const reconciler = {
      reconcile: async ({ metadata }: Boat) => {
        seen.push(metadata.name);
        const failure = failures.shift();
        if (failure) throw failure;
        return Next.onChange();
      },
    };
    const installed = [{ mark: { options: { name: 'boat-state', kind: Boat } }, instance: reconciler }];
    const logger = new RecordingLogger();
    controllers = new Controllers(
      { list: () => installed } as unknown as InstalledExtensions,
      cache as unknown as ResourceCache,
      new RecordingServer(),
      logger,
      new BugReports(logger),
      health,
      { roles: ['controller'] } as unknown as Settings,
      holders,
      metrics,
    );
    const metadata = { name: 'a', namespace: 'sea', uid: 'u' };
    cache.informer<Boat>({ plural: 'boats' }).put({ apiVersion: 'example.com/v1', kind: 'Boat', metadata });
    controllers.onApplicationBootstrap();
  });

  // What failed would be tried again later, in another test.
  afterEach(() => controllers.beforeApplicationShutdown());

  it('begin when every copy is complete, and the application is ready then, not before', async () => {
    await turn();
    expect(seen).toEqual([]);
    expect(await health.report()).toEqual({
      ok: false,
      checks: { 'api-server': 'ok', informers: 'waiting for boats', controllers: 'starting' },
    });
    cache.state = { synced: true };
    cache.finishSync();
    await turn();
    expect(seen).toEqual(['a']);
    expect((await health.report()).ok).toBe(true);
  });

  it('tell in figures what waits, what they hold a copy of, and how often a watch broke', async () => {
    const figures = async () =>
      Object.fromEntries(
        [...(await metrics.text()).matchAll(/^(ark_\w+)\{.*\} (\S+)$/gm)].map(([, name, value]) => [
          name,
          Number(value),
        ]),
      );
    expect(await figures()).toEqual({
      ark_controller_queue_depth: 1,
      ark_controller_running: 0,
      ark_controller_queue_oldest_seconds: expect.any(Number),
      ark_watch_restarts_total: 4,
      ark_cached_objects: 1,
    });
    cache.finishSync();
    await turn();
    expect(await figures()).toMatchObject({ ark_controller_queue_depth: 0, ark_controller_queue_oldest_seconds: 0 });
  });

  it('count reconciles that failed, by family; what nobody expected is a bug', async () => {
    failures = [invalid('the boat has no name'), new TypeError('x is undefined')];
    cache.finishSync();
    await turn();
    holders.end('peer');
    await turn();
    const text = await metrics.text();
    expect(text).toContain('ark_reconcile_errors_total{controller="boat-state",family="Invalid"} 1\n');
    expect(text).toContain('ark_reconcile_errors_total{controller="boat-state",family="Bug"} 1\n');
  });

  it('make the application not ready while the API server is out of reach', async () => {
    cache.state = { synced: true, error: 'connection refused' };
    cache.finishSync();
    await turn();
    expect(await health.report()).toMatchObject({ ok: false, checks: { 'api-server': 'boats: connection refused' } });
  });

  it('make the application not ready from the moment it stops', async () => {
    cache.state = { synced: true };
    cache.finishSync();
    await turn();
    await controllers.beforeApplicationShutdown();
    expect(await health.report()).toMatchObject({ ok: false, checks: { controllers: 'stopping' } });
  });

  it('look at every object again when another process is gone, whose part of them may be theirs now', async () => {
    cache.finishSync();
    await turn();
    holders.end('peer');
    await turn();
    expect(seen).toEqual(['a', 'a']);
  });

  it('look at nothing again once they stop', async () => {
    cache.finishSync();
    await turn();
    await controllers.beforeApplicationShutdown();
    holders.end('peer');
    await turn();
    expect(seen).toEqual(['a']);
  });

  it('do not begin any more when they were stopped first', async () => {
    await controllers.beforeApplicationShutdown();
    cache.finishSync();
    await turn();
    expect(seen).toEqual([]);
  });
});
