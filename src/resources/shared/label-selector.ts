import { IsOptional, IsString } from 'class-validator';
import { Field } from '../../kit/index.js';
import { ListOf, TextList, TextMap } from '../schema/fields.js';

export class LabelRequirement {
  @IsString() key: string;
  /** `In`, `NotIn`, `Exists` or `DoesNotExist`. */
  @IsString() operator: string;
  @IsOptional() @TextList() @Field({ listType: 'atomic' }) values?: string[];
}

/** Kubernetes' label selector: every given term must hold. */
export class LabelSelector {
  @IsOptional() @TextMap() matchLabels?: Record<string, string>;
  @IsOptional()
  @ListOf(() => LabelRequirement)
  @Field({ listType: 'atomic' })
  matchExpressions?: LabelRequirement[];
}
