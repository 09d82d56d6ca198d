import 'reflect-metadata';

/** A CEL rule of a structural schema (`x-kubernetes-validations`). */
export interface CelRule {
  rule: string;
  message?: string;
}

/** What class-validator cannot say about a field of a resource class. */
export interface FieldSchema {
  description?: string;
  default?: unknown;
  /** `x-kubernetes-preserve-unknown-fields`: keep whatever is inside. */
  preserveUnknown?: boolean;
  /** No `type` at all: any JSON value. Only with `preserveUnknown`. */
  anyType?: boolean;
  intOrString?: boolean;
  /** `additionalProperties`: a scalar type, or a class for objects. */
  mapOf?: 'string' | 'integer' | 'boolean' | (() => new () => object);
  /** `x-kubernetes-list-type`. */
  listType?: 'atomic' | 'set' | 'map';
  listMapKeys?: string[];
  /** `x-kubernetes-map-type: atomic`. */
  atomicMap?: boolean;
  format?: string;
}

const FIELD = Symbol.for('nest-ark.field');
const CEL = Symbol.for('nest-ark.cel');

/** Adds schema facts to a field. */
export function Field(schema: FieldSchema): PropertyDecorator {
  return (target, property) => {
    const before = fieldSchema(target, String(property));
    Reflect.defineMetadata(FIELD, { ...before, ...schema }, target, property);
  };
}

/** The schema default, applied by the API server when the field is absent and its parent is present. */
export const Default = (value: unknown): PropertyDecorator => Field({ default: value });
/** Keeps unknown fields inside this object instead of pruning them. */
export const PreserveUnknown = (): PropertyDecorator => Field({ preserveUnknown: true });
/** Accepts a number or a text, as Kubernetes ports do. */
export const IntOrString = (): PropertyDecorator => Field({ intOrString: true });
/** A free map with values of one type. */
export const MapOf = (values: NonNullable<FieldSchema['mapOf']>): PropertyDecorator => Field({ mapOf: values });

/** A CEL rule on a class (`self` is the object) or on a property (`self` is its value). */
export function Cel(rule: string, message: string): ClassDecorator & PropertyDecorator {
  return (target: object, property?: string | symbol) => {
    const owner = property === undefined ? ((target as { prototype: object }).prototype as object) : target;
    const before = celRules(owner, property === undefined ? '' : String(property));
    // Decorators run bottom-up; prepending keeps the source order.
    Reflect.defineMetadata(CEL, [{ rule, message }, ...before], owner, property ?? '');
  };
}

/** What the decorators said of one property; empty when nothing was said. */
export function fieldSchema(prototype: object, property: string): FieldSchema {
  return (Reflect.getMetadata(FIELD, prototype, property) as FieldSchema | undefined) ?? {};
}

/** Rules of a property, or of the class itself when no property is named. */
export function celRules(prototype: object, property = ''): CelRule[] {
  return (Reflect.getOwnMetadata(CEL, prototype, property) as CelRule[] | undefined) ?? [];
}
