import { IsIn, IsInt, IsOptional, IsString, Matches, MaxLength, Min, MinLength } from 'class-validator';
import { type Condition, Field } from '../../kit/index.js';
import { Timestamp } from '../schema/fields.js';

const QUALIFIED_NAME =
  /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$/;

/** The schema of the kit's {@link Condition}. */
export class StatusCondition implements Condition {
  @IsString() @MaxLength(316) @Matches(QUALIFIED_NAME) type: string;
  @IsIn(['True', 'False', 'Unknown']) status: 'True' | 'False' | 'Unknown';
  @IsString()
  @MinLength(1)
  @MaxLength(1024)
  @Matches(/^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/)
  reason: string;
  @IsString() @MaxLength(32_768) message: string;
  @Timestamp() lastTransitionTime: string;
  @IsOptional() @IsInt() @Min(0) @Field({ format: 'int64' }) observedGeneration?: number;
}
