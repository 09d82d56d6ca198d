import { IsOptional, IsString, MinLength } from 'class-validator';
import { Cel } from '../../kit/index.js';
import { Nested } from '../schema/fields.js';
import { ValueFromSource } from './value-source.js';

/** A named text for templates and arguments. */
export class ParameterSource {
  @IsString() @MinLength(1) name: string;
  @IsOptional() @IsString() value?: string;
  @IsOptional() @Nested(() => ValueFromSource) valueFrom?: ValueFromSource;
}

/** A parameter that must name exactly one source. */
@Cel(
  "(has(self.value) && self.value != '') != has(self.valueFrom)",
  'a parameter needs exactly one of value and valueFrom',
)
@Cel(
  '!has(self.valueFrom) || (has(self.valueFrom.secretKeyRef) ? 1 : 0) + (has(self.valueFrom.configMapKeyRef) ? 1 : 0) + (has(self.valueFrom.serviceRef) ? 1 : 0) + (has(self.valueFrom.queryParameterRef) ? 1 : 0) == 1',
  'valueFrom of a parameter needs exactly one of secretKeyRef, configMapKeyRef, serviceRef and queryParameterRef',
)
export class CheckedParameter extends ParameterSource {}
