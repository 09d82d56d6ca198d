import type { KubeObject, ObjectKey, ObjectMeta, ResourceType, UntypedObject } from '../../../kit/index.js';
import type { DeleteOptions, ObjectList } from '../../../kube/api-server/api-server.js';
import { StatusError } from '../../../kube/api-server/status.js';
import { RecordingServer } from '../../controller/fakes/recording-server.js';

type LeaseObject = KubeObject & { metadata: ObjectMeta; spec: { renewTime: string } };

/** The Leases of several processes on one API server. */
export class LeaseBoard extends RecordingServer {
  private readonly leases = new Map<string, LeaseObject>();
  private version = 0;

  get names(): string[] {
    return [...this.leases.keys()];
  }

  override list<T extends KubeObject>(): Promise<ObjectList<T>> {
    const items = structuredClone([...this.leases.values()]) as unknown as T[];
    return Promise.resolve({ items, metadata: { resourceVersion: String(this.version) } });
  }

  override async patch<T extends KubeObject>(
    _type: ResourceType,
    { name }: ObjectKey,
    patch: { body: unknown },
  ): Promise<T> {
    const { spec } = patch.body as LeaseObject;
    return this.put({ ...this.lease(name), spec }) as unknown as T;
  }

  override async create<T extends KubeObject>(_type: ResourceType, object: T): Promise<T> {
    return this.put(object as unknown as LeaseObject) as unknown as T;
  }

  override async delete(_type: ResourceType, { name }: ObjectKey, options: DeleteOptions = {}): Promise<void> {
    const wanted = options.preconditions?.resourceVersion;
    if (wanted !== undefined && this.lease(name).metadata.resourceVersion !== wanted) {
      throw new StatusError('Conflict', `${name} was renewed meanwhile`);
    }
    this.leases.delete(name);
  }

  private lease(name: string): LeaseObject {
    const lease = this.leases.get(name);
    if (!lease) throw new StatusError('NotFound', `no Lease ${name}`);
    return lease;
  }

  private put(lease: LeaseObject): UntypedObject {
    const { name } = lease.metadata;
    this.leases.set(name, { ...lease, metadata: { ...lease.metadata, resourceVersion: String(++this.version) } });
    return lease as unknown as UntypedObject;
  }
}
