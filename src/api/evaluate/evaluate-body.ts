import { IsIn, IsObject, IsOptional, IsString } from 'class-validator';
import { FreeObject, TextMap } from '../../resources/schema/fields.js';

export const JUDGED_TYPES = ['direct', 'query', 'baseline', 'event'] as const;

/** The request that evaluator services of Ark take. */
export class EvaluateBody {
  @IsIn(JUDGED_TYPES) type: (typeof JUDGED_TYPES)[number];
  /** What the Evaluation holds under `spec.config`. */
  @FreeObject() config: Record<string, unknown>;
  @IsOptional() @TextMap() parameters: Record<string, string> = {};
  @IsOptional() @IsString() evaluatorName: string = 'evaluate';
  /** Ark's own services got the model written out; here the parameters name a Model. */
  @IsOptional() @IsObject() model?: object;
}
