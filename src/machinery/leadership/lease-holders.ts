import { createHash } from 'node:crypto';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  Optional,
} from '@nestjs/common';
import { errorText, type KubeObject, type Logger, type ObjectMeta, type ResourceType } from '../../kit/index.js';
import { ApiServer } from '../../kube/api-server/api-server.js';
import { StatusError } from '../../kube/api-server/status.js';
import { CLOCK, type Clock, systemClock } from '../controller/clock.js';
import { RootLogger } from '../observability/root-logger.js';
import { Settings } from '../settings/settings.js';
import { holderName } from './holder-name.js';
import { Holders } from './holders.js';

interface Lease extends KubeObject {
  spec: { holderIdentity: string; leaseDurationSeconds: number; acquireTime?: string; renewTime: string };
}

const LEASE: ResourceType = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
};
const LABELS = { 'app.kubernetes.io/managed-by': 'nest-ark', 'app.kubernetes.io/component': 'holder' };
const SELECTOR = Object.entries(LABELS)
  .map(([key, value]) => `${key}=${value}`)
  .join(',');
const RENEW_MS = 5_000;
const DURATION_SECONDS = 15;
/** A shutdown does not wait longer for an API server that is silent: the Lease runs out by itself. */
const RELEASE_WITHIN_MS = 2_000;
/** Leases of processes that died without a word are swept after so long. */
const SWEEP_AFTER_MS = 3_600_000;

/** When a peer was last seen to renew, or first mentioned, by our own clock: clocks of machines differ. */
interface Sighting {
  /** Absent while only its name is known. */
  renewTime?: string;
  seenAt: number;
  /** A list begun after the sighting lacked its Lease. */
  gone?: boolean;
}

/**
 * In a cluster: one Lease for each process in its namespace, renewed while it lives and released when it ends. A peer
 * is alive while its Lease was seen to change within the Lease's duration. Peers are listed with each renewal, not
 * watched: a watch on Leases would have to be of the whole cluster, where every node renews its own.
 */
@Injectable()
export class LeaseHolders extends Holders implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly self = holderName();
  private readonly peers = new Map<string, Sighting>();
  private readonly logger: Logger;
  private listed = false;
  private stopped = false;
  private beating = Promise.resolve();
  private callOff: () => void = () => undefined;

  constructor(
    private readonly server: ApiServer,
    private readonly settings: Settings,
    logger: RootLogger,
    @Optional() @Inject(CLOCK) private readonly clock: Clock = systemClock,
  ) {
    super();
    this.logger = logger.child({ lease: this.self });
  }

  isAlive(holder: string): boolean {
    if (holder === this.self) return true;
    const sighting = this.peers.get(holder);
    // It may have started since the last look.
    if (!sighting) this.peers.set(holder, { seenAt: this.clock.now().getTime() });
    if (!sighting || !this.listed) return true;
    return !sighting.gone && this.age(sighting) < DURATION_SECONDS * 1000;
  }

  /** The living process with the highest lot for this object: who dies leaves to the others only what was its own. */
  isMine(uid: string): boolean {
    const own = lot(uid, this.self);
    for (const [name, { renewTime }] of this.peers) {
      const known = renewTime !== undefined && name !== this.self;
      if (known && lot(uid, name) > own && this.isAlive(name)) return false;
    }
    return true;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.startBeat();
  }

  /** Gives the Lease back, so that others take over at once. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.callOff();
    // A heartbeat under way would take the Lease again.
    const released = this.beating.then(() => this.release());
    let callOff = () => {};
    const late = new Promise<void>((resolve) => {
      callOff = this.clock.after(RELEASE_WITHIN_MS, resolve);
    });
    await Promise.race([released, late]);
    callOff();
  }

  private async release(): Promise<void> {
    try {
      await this.server.delete(LEASE, this.key(this.self));
    } catch (error) {
      this.logger.warn({}, `The Lease was not released: ${errorText(error)}`);
    }
  }

  private startBeat(): Promise<void> {
    this.beating = this.beat();
    return this.beating;
  }

  /** One heartbeat: renew, look around, plan the next. Failures are repeated with the next one. */
  private async beat(): Promise<void> {
    try {
      await this.renew();
      if (!this.stopped) await this.lookAround();
    } catch (error) {
      this.logger.warn({}, `The Lease was not renewed: ${errorText(error)}`);
    }
    if (!this.stopped) this.callOff = this.clock.after(RENEW_MS, () => void this.startBeat());
  }

  private async renew(): Promise<void> {
    const renewTime = microTime(this.clock.now());
    try {
      await this.server.patch(LEASE, this.key(this.self), { type: 'merge', body: { spec: { renewTime } } });
    } catch (error) {
      if (!StatusError.is(error, 'NotFound')) throw error;
      if (this.stopped) return;
      const metadata: ObjectMeta = { ...this.key(this.self), labels: LABELS };
      const spec = {
        holderIdentity: this.self,
        leaseDurationSeconds: DURATION_SECONDS,
        acquireTime: renewTime,
        renewTime,
      };
      await this.server.create<Lease>(LEASE, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec });
    }
  }

  private async lookAround(): Promise<void> {
    const { namespace } = this.settings;
    const known = [...this.peers];
    const { items } = await this.server.list<Lease>(LEASE, { namespace, labelSelector: SELECTOR });
    const present = new Set(items.map(({ metadata }) => metadata.name));
    for (const [name, sighting] of known) {
      if (present.has(name)) continue;
      sighting.gone = true;
      if (this.age(sighting) > SWEEP_AFTER_MS) this.peers.delete(name);
    }
    for (const { metadata, spec } of items) {
      const before = this.peers.get(metadata.name);
      if (!before || before.gone || before.renewTime !== spec.renewTime) {
        this.peers.set(metadata.name, { renewTime: spec.renewTime, seenAt: this.clock.now().getTime() });
      } else if (this.age(before) > SWEEP_AFTER_MS) {
        await this.server.delete(LEASE, this.key(metadata.name)).catch(() => undefined);
      }
    }
    this.listed = true;
  }

  private age(sighting: Sighting): number {
    return this.clock.now().getTime() - sighting.seenAt;
  }

  private key(name: string) {
    return { name, namespace: this.settings.namespace };
  }
}

const lot = (uid: string, holder: string): string => createHash('sha256').update(`${holder} ${uid}`).digest('hex');

/** Leases carry microseconds. */
const microTime = (date: Date) => date.toISOString().replace('Z', '000Z');
