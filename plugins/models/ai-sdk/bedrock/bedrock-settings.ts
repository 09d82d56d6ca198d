import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';

/** The block `config.bedrock` of a Model. What is absent comes from the environment that Amazon's own tools read. */
export class BedrockSettings {
  /** Default: `AWS_REGION`, then `AWS_DEFAULT_REGION`. */
  @IsOptional()
  @IsString()
  region?: string;

  @IsOptional()
  @IsString()
  baseUrl?: string;

  @IsOptional()
  @IsString()
  accessKeyId?: string;

  @IsOptional()
  @IsString()
  secretAccessKey?: string;

  @IsOptional()
  @IsString()
  sessionToken?: string;

  /** A bearer key; wins over the others. */
  @IsOptional()
  @IsString()
  apiKey?: string;

  /** Called instead of `spec.model`. */
  @IsOptional()
  @IsString()
  modelArn?: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  maxTokens?: number;

  /** A number between 0 and 1, as text. */
  @IsOptional()
  @IsString()
  temperature?: string;
}
