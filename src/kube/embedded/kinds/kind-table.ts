import { apiVersionOf, type ResourceType } from '../../../kit/resource/resource.js';
import type { Admission } from '../../api-server/admission.js';
import type { Catalogue, ServedKind } from '../catalogue.js';
import { unknownResource } from '../errors/refusals.js';
import { ObjectSchema } from '../schema/object-schema.js';
import type { BuiltInKind, Kind } from './kind.js';

/** The kinds served now. */
export class KindTable implements Catalogue {
  private readonly table = new Map<string, Kind>();
  private changes = 1;

  /** @param own names of the definitions that this project brings, e.g. `agents.ark.mckinsey.com` */
  constructor(
    private readonly admissions: readonly Admission[],
    private readonly own: ReadonlySet<string>,
  ) {}

  kinds(): ServedKind[] {
    return [...this.table.values()].map((kind) => kind.served);
  }

  find(group: string, version: string, plural: string): ServedKind | undefined {
    return this.table.get(`${group}/${version}/${plural}`)?.served;
  }

  revision(): number {
    return this.changes;
  }

  all(): Iterable<Kind> {
    return this.table.values();
  }

  /** Throws NotFound, as the real server does for a path it does not serve. */
  get(type: ResourceType): Kind {
    const kind = this.table.get(`${type.group}/${type.version}/${type.plural}`);
    if (!kind) throw unknownResource();
    return kind;
  }

  /** The kind stored under `group/plural`, in any version. */
  ofResource(resource: string): Kind | undefined {
    for (const kind of this.table.values()) if (kind.resource === resource) return kind;
    return undefined;
  }

  /** The kind an owner reference names. */
  ofReference(apiVersion: string, name: string): Kind | undefined {
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
    for (const kind of this.table.values()) {
      if (kind.served.type.group === group && kind.served.type.kind === name) return kind;
    }
    return undefined;
  }

  /** Serves a kind, in place of an earlier definition of the same version. */
  add(definition: BuiltInKind, storedApiVersion?: string, since = 0): Kind {
    const { type } = definition.served;
    const apiVersion = apiVersionOf(type);
    const kind: Kind = {
      served: definition.served,
      resource: `${type.group}/${type.plural}`,
      apiVersion,
      storedApiVersion: storedApiVersion ?? apiVersion,
      selectableFields: definition.selectableFields ?? [],
      schema: new ObjectSchema(
        definition.served.schema,
        definition.served.statusSubresource,
        definition.served.builtIn || this.own.has(`${type.plural}.${type.group}`) ? 'house' : 'stranger',
      ),
      rules: definition.rules,
      since,
      views: new WeakMap(),
      admissions: this.admissions.filter(
        (admission) =>
          admission.type.group === type.group &&
          admission.type.version === type.version &&
          admission.type.plural === type.plural,
      ),
    };
    this.table.set(`${type.group}/${type.version}/${type.plural}`, kind);
    this.changes++;
    return kind;
  }

  /** Stops serving a resource, except the versions named. */
  removeResource(resource: string, keep: ReadonlySet<string> = new Set()): void {
    for (const [id, kind] of this.table) {
      if (kind.resource === resource && !keep.has(kind.served.type.version)) {
        this.table.delete(id);
        this.changes++;
      }
    }
  }
}
