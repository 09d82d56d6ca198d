import { randomUUID } from 'node:crypto';
import type { UntypedObject } from '../../../kit/resource/object.js';
import { type StatusCause, StatusError } from '../../api-server/status.js';
import { serverSideApply } from '../apply/server-side-apply.js';
import { trackUpdate } from '../apply/track-update.js';
import { alreadyExists, badRequest, invalid, modified, notFound, unknownResource } from '../errors/refusals.js';
import { copyJson, equalJson } from '../json/json.js';
import type { Kind } from '../kinds/kind.js';
import { viewOf } from '../kinds/view.js';
import type { ObjectStore } from '../store/object-store.js';
import { StoredObject, storageKey, storageKeyOf } from '../store/stored-object.js';
import type { AdmissionChain } from './admission-chain.js';
import { checkEnvelope, generatedName, timestamp } from './envelope.js';
import { checkMetadata } from './metadata-checks.js';
import { checkNamespace } from './namespace-check.js';
import { nextState } from './next-state.js';
import { reportUnknown } from './unknown-fields.js';
import { type ApplySettings, nullsOf, type WriteSettings } from './write-settings.js';

/** What a caller wants an object to become. */
export interface Draft {
  /** A fresh object in the request's version; the writer takes it over. */
  object: UntypedObject;
  /** Whether `metadata.managedFields` is final already (server-side apply). */
  tracked?: boolean;
}

/** Creates and changes objects: the one path every write takes. */
export class ObjectWriter {
  constructor(
    private readonly store: ObjectStore,
    private readonly admissions: AdmissionChain,
    private readonly now: () => Date,
  ) {}

  async create(kind: Kind, draft: Draft, settings: WriteSettings): Promise<StoredObject> {
    const { object } = draft;
    checkEnvelope(kind, object);
    const { metadata } = object;
    if (!metadata.name && metadata.generateName) metadata.name = generatedName(metadata.generateName);
    const { type } = kind.served;
    if (type.namespaced) checkNamespace(this.store, type, metadata.name, metadata.namespace!);
    this.initialise(kind, object);
    const unknown = kind.schema.prepare(object, 'main', nullsOf(kind, settings));
    reportUnknown(kind, unknown, settings);
    kind.rules.normalise?.(object);
    if (!draft.tracked) trackUpdate(kind, undefined, object, settings, this.now());
    kind.rules.complete?.(object);
    await this.admissions.mutate(kind, object, undefined, settings);
    this.check(kind, object);
    await this.admissions.validate(kind, object, undefined, settings);
    object.apiVersion = kind.storedApiVersion;
    const key = storageKeyOf(object);
    if (this.store.newest(kind.resource, key)) {
      await this.store.settled(kind.resource, key);
      throw alreadyExists(type, metadata.name);
    }
    if (settings.dryRun) return new StoredObject(object, 0).as(kind.apiVersion);
    return (await this.store.put(kind.resource, key, object)).as(kind.apiVersion);
  }

  /** Server-side apply: creates the object when it is absent. */
  async apply(kind: Kind, config: UntypedObject, settings: ApplySettings): Promise<StoredObject> {
    const { type } = kind.served;
    if ((config.kind ?? type.kind) !== type.kind || (config.apiVersion ?? kind.apiVersion) !== kind.apiVersion) {
      throw badRequest(`invalid object type: ${config.apiVersion}, Kind=${config.kind}`);
    }
    checkEnvelope(kind, config);
    const { metadata } = config;
    const key = storageKeyOf(config);
    if (!this.store.newest(kind.resource, key) && settings.subresource !== 'status') {
      if (metadata.resourceVersion || metadata.uid) throw modified(type, metadata.name);
      const object = serverSideApply(kind, undefined, config, settings, this.now());
      try {
        return await this.create(kind, { object, tracked: true }, settings);
      } catch (error) {
        // Somebody created it in between, so it is an update after all.
        if (!StatusError.is(error, 'AlreadyExists')) throw error;
      }
    }
    const draft = (current?: StoredObject) => ({
      object: serverSideApply(kind, current?.object, copyJson(config), settings, this.now()),
      tracked: true,
    });
    return this.update(kind, metadata, draft, settings);
  }

  /** Reads, drafts, checks and writes. */
  async update(
    kind: Kind,
    at: { namespace?: string; name: string },
    draft: (current?: StoredObject) => Draft,
    settings: WriteSettings,
  ): Promise<StoredObject> {
    const { type } = kind.served;
    if (settings.subresource === 'status' && !kind.served.statusSubresource) throw unknownResource();
    const key = storageKey(type.namespaced ? at.namespace : undefined, at.name);
    try {
      return await this.replace(kind, key, at, draft, settings);
    } catch (error) {
      // A refusal because of a write under way waits for it: who reads and tries again then sees it, instead of being
      // refused over and over in one turn of the event loop, in which the write can never finish.
      await this.store.settled(kind.resource, key).catch(() => undefined);
      throw error;
    }
  }

  /** Starts over when another write came in between. */
  private async replace(
    kind: Kind,
    key: string,
    at: { namespace?: string; name: string },
    draft: (current?: StoredObject) => Draft,
    settings: WriteSettings,
  ): Promise<StoredObject> {
    const { type } = kind.served;
    for (;;) {
      const current = this.store.newest(kind.resource, key);
      if (!current) {
        if (kind.rules.createOnUpdate && settings.createsAbsent) return this.create(kind, draft(), settings);
        throw notFound(type, at.name);
      }
      const old = viewOf(kind, current);
      const { object, tracked } = draft(old);
      checkEnvelope(kind, object);
      const next = nextState(kind, object, old.object, settings);
      const part = settings.subresource === 'status' ? 'status' : 'main';
      const unknown = kind.schema.prepare(next, part, nullsOf(kind, settings));
      reportUnknown(kind, unknown, settings);
      kind.rules.normalise?.(next, old.object);
      if (!tracked) trackUpdate(kind, old.object, next, settings, this.now());
      if (settings.subresource !== 'status') kind.rules.complete?.(next, old.object);
      const admitted = settings.subresource === undefined && !old.object.metadata.deletionTimestamp;
      if (admitted) await this.admissions.mutate(kind, next, old.object, settings);
      this.check(kind, next, old.object);
      if (admitted) await this.admissions.validate(kind, next, old.object, settings);
      if (this.store.newest(kind.resource, key) !== current) continue;
      return this.finish(kind, key, next, old, settings);
    }
  }

  private async finish(
    kind: Kind,
    key: string,
    next: UntypedObject,
    old: StoredObject,
    settings: WriteSettings,
  ): Promise<StoredObject> {
    const { metadata } = next;
    if (equalJson(next, old.object)) {
      await this.store.settled(kind.resource, key);
      return old;
    }
    if (kind.rules.generation && settings.subresource !== 'status' && changedOutsideStatus(next, old.object, kind)) {
      metadata.generation = (old.object.metadata.generation ?? 0) + 1;
    }
    next.apiVersion = kind.storedApiVersion;
    if (settings.dryRun) return new StoredObject(next, old.version).as(kind.apiVersion);
    if (metadata.deletionTimestamp && !metadata.finalizers?.length && !held(kind, next)) {
      await this.store.remove(kind.resource, key);
      return new StoredObject(next, old.version).as(kind.apiVersion);
    }
    return (await this.store.put(kind.resource, key, next)).as(kind.apiVersion);
  }

  private initialise(kind: Kind, object: UntypedObject): void {
    const { metadata } = object;
    if (metadata.resourceVersion) {
      // The real server answers this mistake of the caller with a bare 500, too.
      throw new StatusError('InternalError', 'resourceVersion should not be set on objects to be created');
    }
    delete metadata.deletionTimestamp;
    delete metadata.deletionGracePeriodSeconds;
    delete metadata.generation;
    metadata.uid = randomUUID();
    metadata.creationTimestamp = timestamp(this.now());
    if (kind.rules.generation) metadata.generation = 1;
    if (kind.served.statusSubresource) delete object.status;
  }

  private check(kind: Kind, object: UntypedObject, old?: UntypedObject): void {
    const causes = [...checkMetadata(kind, object, old), ...kind.schema.validate(object, old)];
    if (kind.served.builtIn) refuseWrongTypes(kind, causes);
    if (causes.length === 0) causes.push(...(kind.rules.check?.(object, old) ?? []));
    if (causes.length > 0) throw invalid(kind.served.type, object.metadata.name ?? '', causes);
  }
}

/** The real server reads built-in kinds into typed structs, so a wrong type never reaches its validation. */
function refuseWrongTypes(kind: Kind, causes: StatusCause[]): void {
  const wrong = causes.find((cause) => cause.reason === 'FieldValueTypeInvalid' && cause.field);
  const [, wanted, got] = /must be of type ([^:]+): "(\w+)"/.exec(wrong?.message ?? '') ?? [];
  if (!wrong || !wanted || !got || !['string', 'integer', 'number', 'boolean', 'array', 'object'].includes(got)) return;
  const { kind: name, version } = kind.served.type;
  const field = `${name}.${wrong.field!.replace(/\[\d+\]/g, '')}`;
  throw badRequest(
    `${name} in version "${version}" cannot be handled as a ${name}: json: cannot unmarshal ${got} into Go struct field ${field} of type ${wanted}`,
  );
}

/** A namespace keeps itself with a finalizer of its own, in its spec. */
function held(kind: Kind, object: UntypedObject): boolean {
  if (kind.resource !== '/namespaces') return false;
  return ((object.spec as { finalizers?: string[] } | undefined)?.finalizers?.length ?? 0) > 0;
}

function changedOutsideStatus(next: UntypedObject, old: UntypedObject, kind: Kind): boolean {
  const ignored = new Set(['metadata', 'apiVersion', 'kind', ...(kind.served.statusSubresource ? ['status'] : [])]);
  return [...new Set([...Object.keys(next), ...Object.keys(old)])].some(
    (field) => !ignored.has(field) && !equalJson(next[field], old[field]),
  );
}
