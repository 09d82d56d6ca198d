import type { UntypedObject } from '../../../../kit/resource/object.js';
import { equalJson } from '../../json/json.js';
import type { ObjectStore } from '../../store/object-store.js';
import type { WatchHub } from '../../watch/watch-hub.js';
import type { KindTable } from '../kind-table.js';
import { definedKinds } from './defined-kinds.js';
import { asDefinition } from './definition.js';

const DEFINITIONS = 'apiextensions.k8s.io/customresourcedefinitions';

/** Serves what the stored definitions say, from the moment they are committed. */
export class DefinitionFollower {
  readonly stop: () => void;

  constructor(
    private readonly store: ObjectStore,
    private readonly kinds: KindTable,
    private readonly hub: WatchHub,
  ) {
    for (const stored of store.collection(DEFINITIONS).values()) this.serve(stored.object);
    this.stop = store.onCommit((changes) => {
      for (const change of changes) {
        if (change.resource !== DEFINITIONS) continue;
        if (change.current) this.serve(change.current.object, change.previous?.object);
        else this.withdraw(change.seen.object);
      }
    });
  }

  private serve(object: UntypedObject, before?: UntypedObject): void {
    if (before && equalJson(before.spec, object.spec)) return;
    const definition = asDefinition(object);
    const { group, names, versions } = definition.spec;
    const storage = versions.find((version) => version.storage)!.name;
    const kinds = definedKinds(definition);
    for (const kind of kinds) this.kinds.add(kind, `${group}/${storage}`, this.store.version);
    this.kinds.removeResource(`${group}/${names.plural}`, new Set(kinds.map((kind) => kind.served.type.version)));
  }

  private withdraw(object: UntypedObject): void {
    const { group, names } = asDefinition(object).spec;
    const resource = `${group}/${names.plural}`;
    this.kinds.removeResource(resource);
    this.hub.end(resource);
  }
}
