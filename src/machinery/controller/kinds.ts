import {
  apiVersionOf,
  type KubeObject,
  type ReconcilerOptions,
  type ResourceClass,
  type ResourceType,
  resourceType,
} from '../../kit/index.js';
import type { Informer } from '../../kube/cache/informer.js';

/** Where informers come from; the resource cache is one. */
export interface InformerSource {
  informer<T extends KubeObject = KubeObject>(type: ResourceType): Informer<T>;
}

/**
 * The kinds one reconciler declared, each with its informer. Kinds are compared by what is served, not by class: a
 * plugin may describe ConfigMap with a class of its own.
 */
export class Kinds {
  private readonly byType = new Map<string, { type: ResourceType; informer: Informer }>();
  private readonly byClass = new Map<ResourceClass, Informer>();

  constructor(
    private readonly options: ReconcilerOptions,
    source: InformerSource,
  ) {
    const { kind, follows = [], owns = [], reads = [] } = options;
    for (const declared of [kind, ...follows.map((follow) => follow.kind), ...owns, ...reads]) {
      const type = resourceType(declared);
      if (!this.byType.has(idOf(type))) this.byType.set(idOf(type), { type, informer: source.informer(type) });
    }
  }

  /** Throws for a kind that was not declared: its informer, and the right to read it, would be missing. */
  informerOf<T extends KubeObject>(kind: ResourceClass<T>): Informer<T> {
    let informer = this.byClass.get(kind);
    if (!informer) {
      informer = this.byType.get(idOf(resourceType(kind)))?.informer;
      if (!informer) {
        throw new TypeError(`reconciler ${this.options.name} reads ${kind.name} but declares it nowhere`);
      }
      this.byClass.set(kind, informer);
    }
    return informer as unknown as Informer<T>;
  }

  /** The declared kind of an object to be written. */
  typeOf(object: KubeObject): ResourceType {
    for (const { type } of this.byType.values()) {
      if (type.kind === object.kind && apiVersionOf(type) === object.apiVersion) return type;
    }
    throw new TypeError(
      `reconciler ${this.options.name} writes ${object.apiVersion} ${object.kind} but declares it nowhere`,
    );
  }
}

function idOf(type: ResourceType): string {
  return `${type.group}/${type.version}/${type.plural}`;
}
