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
import { Peers } from './peers.js';

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
/** On the Lease of a process without the role `controller`: what one of all has to do is nothing for it. */
const BYSTANDER = { 'ark.mckinsey.com/reconciles': 'false' };
const RENEW_MS = 2_000;
const DURATION_SECONDS = 15;
/** A heartbeat does not wait longer for an answer: the next one may get through. */
const ANSWER_WITHIN_MS = 4_000;
/** A shutdown does not wait longer for an API server that is silent: the Lease runs out by itself. */
const RELEASE_WITHIN_MS = 2_000;

/**
 * In a cluster: one Lease for each process in its namespace, renewed while it lives and released when it ends. A peer
 * is alive while its Lease moves, and whoever asks is told well within the Lease's duration that it does not. Peers are listed with each renewal, not
 * watched: a watch on Leases would have to be of the whole cluster, where every node renews its own.
 */
@Injectable()
export class LeaseHolders extends Holders implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly self = holderName();
  private readonly peers = new Peers();
  private readonly listeners: ((holder: string) => void)[] = [];
  private readonly logger: Logger;
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
    return holder === this.self || this.peers.isAlive(holder);
  }

  onGone(listener: (holder: string) => void): void {
    this.listeners.push(listener);
  }

  /** The living process with the highest lot for this object: who dies leaves to the others only what was its own. */
  isMine(uid: string): boolean {
    const own = lot(uid, this.self);
    return this.peers.reconciling().every((name) => name === this.self || lot(uid, name) <= own || !this.isAlive(name));
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
    await this.within(RELEASE_WITHIN_MS, released).catch(() => undefined);
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
      await this.within(ANSWER_WITHIN_MS, this.renew());
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
      const labels = this.settings.roles.includes('controller') ? LABELS : { ...LABELS, ...BYSTANDER };
      const metadata: ObjectMeta = { ...this.key(this.self), labels };
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
    const see = this.peers.look();
    const listing = this.server.list<Lease>(LEASE, { namespace, labelSelector: SELECTOR });
    const { items } = await this.within(ANSWER_WITHIN_MS, listing);
    const leases = items.map(({ metadata: { name, labels }, spec: { renewTime } }) => {
      return { name, renewTime, bystander: Object.entries(BYSTANDER).every(([key, value]) => labels?.[key] === value) };
    });
    const { lost, left } = see(leases, this.clock.elapsed());
    for (const holder of lost) for (const listener of this.listeners) listener(holder);
    await Promise.all(items.filter(({ metadata }) => left.includes(metadata.name)).map((lease) => this.bury(lease)));
  }

  /**
   * A dead peer's Lease would look alive to a process that starts now, and has not seen how long it did not move. Whoever
   * renewed it meanwhile keeps it.
   */
  private async bury({ metadata: { name, resourceVersion } }: Lease): Promise<void> {
    const deleting = this.server.delete(LEASE, this.key(name), { preconditions: { resourceVersion } });
    await this.within(ANSWER_WITHIN_MS, deleting).catch(() => undefined);
  }

  private async within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
    let callOff = () => {};
    const late = new Promise<never>((_, reject) => {
      const silent = () => reject(new Error(`no answer within ${milliseconds / 1000} s`));
      callOff = this.clock.after(milliseconds, silent);
    });
    return Promise.race([work, late]).finally(callOff);
  }

  private key(name: string) {
    return { name, namespace: this.settings.namespace };
  }
}

const lot = (uid: string, holder: string): string => createHash('sha256').update(`${holder} ${uid}`).digest('hex');

/** Leases carry microseconds. */
const microTime = (date: Date) => date.toISOString().replace('Z', '000Z');
