import {
  conflict,
  type EventText,
  type KubeObject,
  keyText,
  type ListFilter,
  type Logger,
  notFound,
  type ObjectKey,
  type ReconcileContext,
  type ResourceClass,
  resourceType,
} from '../kit/index.js';

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

type WithStatus = KubeObject & { status?: object };

/** A context over objects in memory, for unit specs: versions and conflicts as a server has them, time as told. */
export class FakeContext implements ReconcileContext {
  readonly stopping = new AbortController();
  readonly signal: AbortSignal = this.stopping.signal;
  readonly logger = silent;
  readonly events: (EventText & { object: string })[] = [];
  readonly woken: string[] = [];
  /** Every status that was stored, oldest first. */
  readonly writes: object[] = [];
  /** Thrown by the next status writes, one each. */
  readonly refusals: Error[] = [];
  /** Names of objects that are stored and that the cache does not show yet. */
  readonly unseen = new Set<string>();
  time = new Date('2026-01-01T00:00:00Z');
  private readonly objects = new Map<string, KubeObject>();
  private version = 1;

  /** `manager`: the reconciler's name. */
  constructor(private readonly manager = 'reconciler') {}

  now(): Date {
    return this.time;
  }

  /** Stores an object as if somebody else had written it. */
  put<T extends KubeObject>(object: T): T {
    this.version += 1;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.version) } };
    this.objects.set(`${object.kind} ${keyText(object.metadata)}`, stored);
    return stored;
  }

  get<T extends KubeObject>(kind: ResourceClass<T>, key: ObjectKey): T | undefined {
    if (this.unseen.has(key.name)) return undefined;
    return this.objects.get(`${resourceType(kind).kind} ${keyText(key)}`) as T | undefined;
  }

  list<T extends KubeObject>(kind: ResourceClass<T>, filter: ListFilter = {}): T[] {
    const all = [...this.objects.values()].filter((object) => object.kind === resourceType(kind).kind) as T[];
    return all.filter(({ metadata }) => filter.namespace === undefined || metadata.namespace === filter.namespace);
  }

  async applyStatus<T extends WithStatus>(resource: T, status: NonNullable<T['status']>): Promise<void> {
    await this.write(resource, status);
  }

  async replaceStatus<T extends WithStatus>(resource: T, status: NonNullable<T['status']>): Promise<T> {
    return this.write(resource, status, resource.metadata.resourceVersion);
  }

  async apply<T extends KubeObject>(object: T, { fresh = false } = {}): Promise<T> {
    const { metadata } = object;
    if (fresh && this.objects.has(`${object.kind} ${keyText(metadata)}`)) throw conflict('it is there already');
    const given = Object.fromEntries(Object.keys(metadata.annotations ?? {}).map((key) => [`f:${key}`, {}]));
    const entry = {
      ...{ manager: this.manager, operation: 'Apply' as const, apiVersion: object.apiVersion },
      ...{ fieldsType: 'FieldsV1' as const, fieldsV1: { 'f:metadata': { 'f:annotations': given } } },
    };
    return this.put({ ...object, metadata: { ...metadata, managedFields: [entry] } });
  }

  async delete(resource: KubeObject): Promise<void> {
    this.objects.delete(`${resource.kind} ${keyText(resource.metadata)}`);
  }

  event(resource: KubeObject, text: EventText): void {
    this.events.push({ object: resource.metadata.name, ...text });
  }

  wake(key: ObjectKey): void {
    this.woken.push(keyText(key));
  }

  private async write<T extends WithStatus>(resource: T, status: object, version?: string): Promise<T> {
    await Promise.resolve();
    const refusal = this.refusals.shift();
    if (refusal) throw refusal;
    const current = this.objects.get(`${resource.kind} ${keyText(resource.metadata)}`) as T | undefined;
    if (!current) throw notFound(`${resource.kind} ${resource.metadata.name} is gone`);
    if (version !== undefined && version !== current.metadata.resourceVersion) throw conflict('the object has changed');
    if (JSON.stringify(current.status) === JSON.stringify(status)) return current;
    this.writes.push(status);
    return this.put({ ...current, status });
  }
}
