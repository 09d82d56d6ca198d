import { IsBoolean, IsOptional, IsString, MinLength } from 'class-validator';
import { Default, Field, IntOrString } from '../../kit/index.js';
import { Describe, Nested } from '../schema/fields.js';

/** One key of a Secret or ConfigMap in the namespace of the object that holds the reference. */
export class KeySelector {
  @IsOptional() @IsString() @Default('') @Describe('Name of the object, in the same namespace.') name?: string;
  @IsString() @Describe('Key whose value is taken.') key: string;
  @IsOptional() @IsBoolean() @Describe('Treat a missing object or key as unset.') optional?: boolean;
}

/** A Service; becomes `http://<name>.<namespace>.svc.cluster.local:<port><path>`. */
export class ServiceReference {
  @IsString() name: string;
  @IsOptional() @IsString() @Describe("Default: the object's own namespace.") namespace?: string;
  @IsOptional()
  @IntOrString()
  @Describe('Name or number of a port of the Service. Default: its first port.')
  port?: string | number;
  @IsOptional() @IsString() path?: string;
}

/** A parameter of the Query being answered. */
export class QueryParameterReference {
  @IsString() @MinLength(1) name: string;
}

/** Where a text comes from when it is not written out. */
export class ValueFromSource {
  @IsOptional() @Nested(() => KeySelector) @Field({ atomicMap: true }) secretKeyRef?: KeySelector;
  @IsOptional() @Nested(() => KeySelector) @Field({ atomicMap: true }) configMapKeyRef?: KeySelector;
  @IsOptional() @Nested(() => ServiceReference) serviceRef?: ServiceReference;
  @IsOptional() @Nested(() => QueryParameterReference) queryParameterRef?: QueryParameterReference;
}

/** A text: written out, or taken from elsewhere. A non-empty `value` wins. */
export class ValueSource {
  @IsOptional() @IsString() value?: string;
  @IsOptional() @Nested(() => ValueFromSource) valueFrom?: ValueFromSource;
}

/** Sources of an address that is needed outside any Query. */
export class AddressFromSource {
  @IsOptional() @Nested(() => KeySelector) @Field({ atomicMap: true }) secretKeyRef?: KeySelector;
  @IsOptional() @Nested(() => KeySelector) @Field({ atomicMap: true }) configMapKeyRef?: KeySelector;
  @IsOptional() @Nested(() => ServiceReference) serviceRef?: ServiceReference;
}

/** {@link ValueSource} as the v1prealpha1 kinds have it. */
export class AddressSource {
  @IsOptional() @IsString() value?: string;
  @IsOptional() @Nested(() => AddressFromSource) valueFrom?: AddressFromSource;
}
