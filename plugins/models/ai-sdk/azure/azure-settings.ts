import { Type } from 'class-transformer';
import { IsNotEmpty, IsOptional, IsString, ValidateNested } from 'class-validator';

export class AzureManagedIdentity {
  /** Absent: the system-assigned identity. */
  @IsOptional()
  @IsString()
  clientId?: string;
}

export class AzureWorkloadIdentity {
  @IsString()
  @IsNotEmpty()
  clientId: string;

  @IsString()
  @IsNotEmpty()
  tenantId: string;
}

/** Exactly one way to prove who calls. */
export class AzureAuth {
  @IsOptional()
  @IsString()
  apiKey?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => AzureManagedIdentity)
  managedIdentity?: AzureManagedIdentity;

  @IsOptional()
  @ValidateNested()
  @Type(() => AzureWorkloadIdentity)
  workloadIdentity?: AzureWorkloadIdentity;
}

/** The block `config.azure` of a Model. */
export class AzureSettings {
  @IsString()
  @IsNotEmpty()
  baseUrl: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => AzureAuth)
  auth?: AzureAuth;

  /** The old place of the key; `auth` wins. */
  @IsOptional()
  @IsString()
  apiKey?: string;

  /** Default: the latest stable version of the chat completions at the time of writing. */
  @IsOptional()
  @IsString()
  apiVersion: string = '2024-10-21';
}
