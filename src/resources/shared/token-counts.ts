import { IsInt, IsOptional } from 'class-validator';
import { Field } from '../../kit/index.js';

/** Tokens used by model calls. Zero counts may be left out. */
export class TokenCounts {
  @IsOptional() @IsInt() @Field({ format: 'int64' }) promptTokens?: number;
  @IsOptional() @IsInt() @Field({ format: 'int64' }) completionTokens?: number;
  @IsOptional() @IsInt() @Field({ format: 'int64' }) totalTokens?: number;
  @IsOptional() @IsInt() @Field({ format: 'int64' }) cachedTokens?: number;
}
