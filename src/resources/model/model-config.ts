import { ArrayMaxSize, IsInt, IsObject, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { MapOf } from '../../kit/index.js';
import { Describe, ListOf, Nested } from '../schema/fields.js';
import { CheckedHeader, type Header } from '../shared/header.js';
import { ValueSource } from '../shared/value-source.js';

/** What every provider's block may hold. */
export class ProviderConfig {
  @IsOptional() @ListOf(() => CheckedHeader) @ArrayMaxSize(64) headers?: Header[];
  @IsOptional()
  @IsObject()
  @MapOf(() => ValueSource)
  @Describe('Further request parameters by their wire name, such as temperature.')
  properties?: Record<string, ValueSource>;
}

export class OpenAIConfig extends ProviderConfig {
  @Nested(() => ValueSource) baseUrl: ValueSource;
  @Nested(() => ValueSource) apiKey: ValueSource;
}

export class AnthropicConfig extends ProviderConfig {
  @Nested(() => ValueSource) baseUrl: ValueSource;
  @Nested(() => ValueSource) apiKey: ValueSource;
  @IsOptional() @Nested(() => ValueSource) @Describe('API version header.') version?: ValueSource;
}

export class AzureManagedIdentity {
  @IsOptional() @Nested(() => ValueSource) @Describe('Absent: the system-assigned identity.') clientId?: ValueSource;
}

export class AzureWorkloadIdentity {
  @Nested(() => ValueSource) clientId: ValueSource;
  @Nested(() => ValueSource) tenantId: ValueSource;
}

/** Exactly one way to prove who calls. */
export class AzureAuth {
  @IsOptional() @Nested(() => ValueSource) apiKey?: ValueSource;
  @IsOptional() @Nested(() => AzureManagedIdentity) managedIdentity?: AzureManagedIdentity;
  @IsOptional() @Nested(() => AzureWorkloadIdentity) workloadIdentity?: AzureWorkloadIdentity;
}

export class AzureConfig extends ProviderConfig {
  @Nested(() => ValueSource) baseUrl: ValueSource;
  @IsOptional() @Nested(() => AzureAuth) auth?: AzureAuth;
  @IsOptional() @Nested(() => ValueSource) @Describe('Deprecated: write auth.apiKey.') apiKey?: ValueSource;
  @IsOptional() @Nested(() => ValueSource) apiVersion?: ValueSource;
}

export class BedrockConfig {
  @IsOptional() @Nested(() => ValueSource) region?: ValueSource;
  @IsOptional() @Nested(() => ValueSource) baseUrl?: ValueSource;
  @IsOptional() @Nested(() => ValueSource) accessKeyId?: ValueSource;
  @IsOptional() @Nested(() => ValueSource) secretAccessKey?: ValueSource;
  @IsOptional() @Nested(() => ValueSource) sessionToken?: ValueSource;
  @IsOptional() @Nested(() => ValueSource) @Describe('Bearer key; wins over IAM keys.') apiKey?: ValueSource;
  @IsOptional() @Nested(() => ValueSource) modelArn?: ValueSource;
  @IsOptional() @IsInt() @Min(1) @Max(100_000) maxTokens?: number;
  @IsOptional() @IsString() @Matches(/^(0(\.\d+)?|1(\.0+)?)$/) temperature?: string;
  @IsOptional() @IsObject() @MapOf(() => ValueSource) properties?: Record<string, ValueSource>;
}

/** One block per provider. Blocks of providers that are not listed here are kept as they are. */
export class ModelConfigBlocks {
  @IsOptional() @Nested(() => OpenAIConfig) openai?: OpenAIConfig;
  @IsOptional() @Nested(() => AzureConfig) azure?: AzureConfig;
  @IsOptional() @Nested(() => BedrockConfig) bedrock?: BedrockConfig;
  @IsOptional() @Nested(() => AnthropicConfig) anthropic?: AnthropicConfig;
}
