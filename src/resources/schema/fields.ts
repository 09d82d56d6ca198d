import { Type } from 'class-transformer';
import { IsArray, IsObject, IsOptional, IsString, Matches, MaxLength, ValidateNested } from 'class-validator';
import { Cel, Field, type FieldSchema } from '../../kit/index.js';

const NESTED = Symbol.for('nest-ark.nested');

export type FieldClass = new () => object;

/** The class of a nested field or list item; a function so that classes may be declared in any order. */
export function nestedClass(prototype: object, property: string): FieldClass | undefined {
  return (Reflect.getMetadata(NESTED, prototype, property) as (() => FieldClass) | undefined)?.();
}

const all =
  (...decorators: PropertyDecorator[]): PropertyDecorator =>
  (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };

const remember =
  (of: () => FieldClass): PropertyDecorator =>
  (target, property) =>
    Reflect.defineMetadata(NESTED, of, target, property);

/** An object field described by another class. */
export const Nested = (of: () => FieldClass): PropertyDecorator => all(ValidateNested(), Type(of), remember(of));

/** A list of objects described by another class. */
export const ListOf = (of: () => FieldClass): PropertyDecorator =>
  all(IsArray(), ValidateNested({ each: true }), Type(of), remember(of));

/** A list of texts. */
export const TextList = (): PropertyDecorator => all(IsArray(), IsString({ each: true }));

/** A list kept by `type`, so that several writers can each own their condition. */
export const Conditions = (of: () => FieldClass): PropertyDecorator =>
  all(IsOptional(), ListOf(of), Field({ listType: 'map', listMapKeys: ['type'] }));

/** An object whose content nobody but its reader knows; kept as it is. */
export const FreeObject = (): PropertyDecorator => all(IsObject(), Field({ preserveUnknown: true }));

/** A map from text to text. */
export const TextMap = (): PropertyDecorator => all(IsObject(), Field({ mapOf: 'string' }));

/** RFC 3339 text. */
export const Timestamp = (): PropertyDecorator => all(IsString(), Field({ format: 'date-time' }));

/** What the field means, shown by `kubectl explain`. */
export const Describe = (description: NonNullable<FieldSchema['description']>): PropertyDecorator =>
  Field({ description });

const UNITS = '([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)';

/** Go's duration grammar: sign, then `0` or numbers with units; `d` is no unit. */
const GO_DURATION = new RegExp(`^[-+]?(0|(${UNITS})+)$`);
/** The same without a minus. */
const GO_DURATION_NOT_NEGATIVE = new RegExp(`^[+]?(0|(${UNITS})+)$`);
/** Fields that were plain texts in Ark also hold bare numbers, which mean seconds. */
const GO_DURATION_OR_SECONDS = new RegExp(`^([0-9]+|(${UNITS})+)$`);

/** Longer texts than any sensible duration; also bounds the cost of CEL rules over it. */
const LONGEST_DURATION = 64;

/** A Go duration text such as `1m30s`. */
export const GoDuration = (): PropertyDecorator => all(IsString(), MaxLength(LONGEST_DURATION), Matches(GO_DURATION));

/** A Go duration of zero or more. */
export const GoDurationNotNegative = (): PropertyDecorator =>
  all(IsString(), MaxLength(LONGEST_DURATION), Matches(GO_DURATION_NOT_NEGATIVE));

/** A Go duration above zero. */
export const GoDurationPositive = (): PropertyDecorator =>
  all(GoDuration(), Cel("duration(self) > duration('0s')", 'must be a duration above zero, for example 5m'));

/** A Go duration, or a bare number of seconds. */
export const DurationOrSeconds = (): PropertyDecorator =>
  all(IsString(), MaxLength(LONGEST_DURATION), Matches(GO_DURATION_OR_SECONDS));
