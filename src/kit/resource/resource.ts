import type { KubeObject } from './object.js';

/** A class that describes a kind; its instances are plain JSON objects, the class is never constructed for them. */
export type ResourceClass<T extends KubeObject = KubeObject> = (abstract new () => T) & { readonly name: string };

/** A column of `kubectl get`. */
export interface PrinterColumn {
  name: string;
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  /** kubectl's JSONPath subset, e.g. `.status.conditions[?(@.type=="Ready")].status`. */
  jsonPath: string;
  description?: string;
  /** 0 (the default) is always shown; above that only with `-o wide`. */
  priority?: number;
}

/** What a class says of the kind it describes. */
export interface ResourceOptions {
  /** API group, e.g. `ark.mckinsey.com`. Empty text is the core group. */
  group: string;
  version: string;
  kind: string;
  /** Lower case; part of the path, e.g. `queries`. */
  plural: string;
  /** Default: the kind in lower case. */
  singular?: string;
  /** Further names for kubectl. Default: none. */
  shortNames?: string[];
  /** Default: `Namespaced`. */
  scope?: 'Namespaced' | 'Cluster';
  /** Whether the kind has a status subresource. Default: true. */
  status?: boolean;
  printerColumns?: PrinterColumn[];
  /** Every API server has this kind already: no CRD is generated. */
  builtIn?: boolean;
  /** Field selector of the objects worth a copy in memory, e.g. `type!=Opaque`. Default: all. */
  cached?: string;
}

/** A served kind: what a client needs to build its address. */
export interface ResourceType {
  group: string;
  version: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  /** Field selector of the objects worth a copy in memory. Absent: all. */
  cached?: string;
}

const RESOURCE = Symbol.for('nest-ark.resource');

/** On the class itself: it is read at every look at an object. */
interface Described {
  options: ResourceOptions;
  type: ResourceType;
}

const describedBy = (target: object): Described | undefined =>
  Object.hasOwn(target, RESOURCE) ? (target as { [RESOURCE]: Described })[RESOURCE] : undefined;

/**
 * Declares a kind on the class that describes it.
 *
 * The class is the single source for the CRD, the schema the API server enforces, the printer columns and the type.
 *
 * @example
 * ```ts
 * @Resource({ group: 'example.com', version: 'v1', kind: 'Greeting', plural: 'greetings' })
 * export class Greeting implements KubeObject { ... }
 * ```
 */
export function Resource(options: ResourceOptions): ClassDecorator {
  const { group, version, kind, plural, scope, cached } = options;
  const type: ResourceType = { group, version, kind, plural, namespaced: scope !== 'Cluster' };
  const value: Described = { options, type: Object.freeze(cached ? { ...type, cached } : type) };
  return (target) => void Object.defineProperty(target, RESOURCE, { value });
}

/** The options given to `@Resource`, or undefined for a class without it. */
export function resourceOptions(target: object): ResourceOptions | undefined {
  return describedBy(target)?.options;
}

/** The served kind that a class describes. Throws for a class without `@Resource`. */
export function resourceType(target: ResourceClass): ResourceType {
  const described = describedBy(target);
  if (!described) throw new TypeError(`class ${target.name} carries no @Resource`);
  return described.type;
}

/** `group/version`, or the bare version for the core group. */
export function apiVersionOf(type: { group: string; version: string }): string {
  return type.group ? `${type.group}/${type.version}` : type.version;
}
