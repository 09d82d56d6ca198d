import { IsIn, IsOptional, IsString, MinLength } from 'class-validator';
import { Describe } from '../schema/fields.js';

/** Names an object; an empty namespace is the one of the referring object. */
export class NamedReference {
  @IsString() @MinLength(1) name: string;
  @IsOptional() @IsString() @Describe('Default: the namespace of the referring object.') namespace?: string;
}

/** Names an object of the same namespace. */
export class LocalReference {
  @IsString() @MinLength(1) name: string;
}

export const TARGET_TYPES = ['agent', 'team', 'model', 'tool'] as const;
export type TargetType = (typeof TARGET_TYPES)[number];

/** Who answers a Query; always in the Query's namespace. */
export class QueryTarget {
  @IsIn(TARGET_TYPES) type: TargetType;
  @IsString() @MinLength(1) name: string;
}
