import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { Cel, Field } from '../../kit/index.js';
import { Nested } from '../schema/fields.js';
import { KeySelector, QueryParameterReference } from './value-source.js';

export class HeaderValueFrom {
  @IsOptional() @Nested(() => KeySelector) @Field({ atomicMap: true }) secretKeyRef?: KeySelector;
  @IsOptional() @Nested(() => KeySelector) @Field({ atomicMap: true }) configMapKeyRef?: KeySelector;
  @IsOptional() @Nested(() => QueryParameterReference) queryParameterRef?: QueryParameterReference;
}

export class HeaderValue {
  @IsOptional() @IsString() value?: string;
  @IsOptional() @Nested(() => HeaderValueFrom) valueFrom?: HeaderValueFrom;
}

/** An HTTP header of an outbound call. Mind the nesting: `{name, value: {value}}`. */
export class Header {
  @IsString() @MinLength(1) @MaxLength(256) name: string;
  @Nested(() => HeaderValue) value: HeaderValue;
}

/** A header that must name exactly one source. */
@Cel(
  "(has(self.value.value) && self.value.value != '') != has(self.value.valueFrom)",
  'a header needs exactly one of value and valueFrom',
)
@Cel(
  '!has(self.value.valueFrom) || (has(self.value.valueFrom.secretKeyRef) ? 1 : 0) + (has(self.value.valueFrom.configMapKeyRef) ? 1 : 0) + (has(self.value.valueFrom.queryParameterRef) ? 1 : 0) == 1',
  'valueFrom of a header needs exactly one of secretKeyRef, configMapKeyRef and queryParameterRef',
)
export class CheckedHeader extends Header {}
