import { IsInt, IsOptional, Max, Min } from 'class-validator';

/** Settings of an agent on this engine: `spec.executionEngine.options`. */
export class LangchainOptions {
  /** Most completions of the model for one answer. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(200)
  maxTurns = 20;
}
