import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterClient } from '../harness/cluster-client.js';
import { ControlPlane } from '../harness/control-plane.js';
import { defineKinds } from '../harness/define-kinds.js';
import { eventually } from '../harness/eventually.js';
import { type PostgresServer, startPostgres } from '../harness/postgres.js';
import { ActingService } from './acting-service.js';
import { QueryLog } from './query-log.js';
import { Replica } from './replica.js';
import { WayToApiServer } from './way-to-api-server.js';
import { workManifests } from './work.js';

const REPLICAS = 3;
/** Between an act and its answer: wide enough for a kill to fall into. */
const ACT_MS = 50;
/** Few, so that the runs go on for as long as the faults. */
const AT_ONCE = 2;
const GROUP = '/apis/ark.mckinsey.com/v1alpha1/namespaces/default';

/** Three replicas of the built program on one real API server and one PostgreSQL, and what watches them. */
export class Replicas {
  private constructor(
    readonly plane: ControlPlane,
    readonly database: PostgresServer,
    readonly way: WayToApiServer,
    readonly client: ClusterClient,
    readonly acts: ActingService,
    readonly log: QueryLog,
    readonly all: Replica[],
    private readonly folder: string,
  ) {}

  static async start(binaries: string, options: { skewMs?: number } = {}): Promise<Replicas> {
    const [plane, database] = await Promise.all([ControlPlane.start(binaries), startPostgres()]);
    const folder = mkdtempSync(join(tmpdir(), 'ark-faults-'));
    const way = await WayToApiServer.to(plane.kubeconfig);
    const client = ClusterClient.of(plane.kubeconfig);
    await defineKinds(client);
    const acts = await ActingService.listen(ACT_MS);
    const kubeconfig = way.kubeconfig(plane.kubeconfig, folder);
    const common = { kubeconfig, databaseUrl: database.url, maxConcurrentQueries: AT_ONCE };
    const all = Array.from({ length: REPLICAS }, (_, i) =>
      i === 0 ? new Replica({ ...common, skewMs: options.skewMs }) : new Replica(common),
    );
    const log = new QueryLog(client);
    const replicas = new Replicas(plane, database, way, client, acts, log, all, folder);
    try {
      for (const replica of all) await replica.start();
      for (const { plural, object } of workManifests(acts.url)) await client.call('POST', `${GROUP}/${plural}`, object);
      return replicas;
    } catch (error) {
      await replicas.stop();
      throw error;
    }
  }

  /** Asks for so many runs, all named with the prefix. */
  async ask(prefix: string, count: number): Promise<void> {
    for (let i = 0; i < count; i++) await this.askOne(`${prefix}-${i}`);
  }

  /** One run; the API server may be away for a while. */
  askOne(name: string): Promise<unknown> {
    const object = {
      apiVersion: 'ark.mckinsey.com/v1alpha1',
      kind: 'Query',
      metadata: { name },
      spec: { input: 'work', target: { type: 'agent', name: 'worker' }, timeout: '10m' },
    };
    return eventually(
      () =>
        this.client.call('POST', `${GROUP}/queries`, object).catch((error: Error) => {
          if (!error.message.includes('AlreadyExists')) throw error;
        }),
      { every: 200 },
    );
  }

  /** Waits until every run of the prefix has ended, however. */
  async ended(prefix: string, count: number, within: number): Promise<void> {
    await eventually(
      () => {
        const open = this.log.of(prefix).filter(({ status }) => !isOver(status?.phase));
        const missing = count - this.log.of(prefix).length;
        if (open.length + missing > 0) {
          throw new Error(`${open.length + missing} of ${count} runs go on: ${JSON.stringify(open[0]?.status)}`);
        }
      },
      { within, every: 200 },
    );
  }

  async stop(): Promise<void> {
    await this.log.close();
    await Promise.all(this.all.map((replica) => replica.dispose()));
    await this.client.close();
    await this.way.close();
    await Promise.all([this.acts.close(), this.database.stop(), this.plane.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const isOver = (phase = '') => ['done', 'error', 'canceled'].includes(phase);
