import { ArrayMaxSize, IsIn, IsInt, IsOptional, IsString, MinLength } from 'class-validator';
import { Cel, Default, Field, type KubeObject, type ObjectMeta, Resource } from '../../kit/index.js';
import {
  Conditions,
  Describe,
  DurationOrSeconds,
  GoDurationNotNegative,
  ListOf,
  Nested,
  TextList,
  Timestamp,
} from '../schema/fields.js';
import { AGE, ARK_GROUP, textColumn, V1ALPHA1 } from '../shared/groups.js';
import { CheckedHeader, type Header } from '../shared/header.js';
import { ParameterSource } from '../shared/parameter.js';
import { StatusCondition } from '../shared/status-condition.js';
import { ValueSource } from '../shared/value-source.js';

/** The Secret with an OAuth token, in the same namespace, and the names of its keys. */
export class TokenSecretReference {
  @IsString() name: string;
  @IsOptional() @IsString() @Default('access_token') accessTokenKey?: string;
  @IsOptional() @IsString() @Default('refresh_token') refreshTokenKey?: string;
  @IsOptional() @IsString() @Default('expires_at') expiresAtKey?: string;
  @IsOptional() @IsString() @Default('client_id') clientIDKey?: string;
  @IsOptional() @IsString() @Default('client_secret') clientSecretKey?: string;
}

export class McpAuthorization {
  @Nested(() => TokenSecretReference) tokenSecretRef: TokenSecretReference;
}

@Cel("self.transport == 'stdio' || has(self.address)", 'address is required: the URL of the MCP server')
@Cel("self.transport != 'stdio' || has(self.command)", 'transport stdio needs command, the program to start')
export class MCPServerSpec {
  @IsOptional() @Nested(() => ValueSource) @Describe('URL of the server, used as it is.') address?: ValueSource;
  @IsOptional() @ListOf(() => CheckedHeader) @ArrayMaxSize(64) headers?: Header[];
  @IsOptional()
  @IsIn(['http', 'sse', 'stdio'])
  @Default('http')
  @Describe('stdio starts a program of this machine and works without a cluster only.')
  transport?: 'http' | 'sse' | 'stdio';
  @IsOptional() @IsString() @MinLength(1) @Describe('For stdio: the program to start.') command?: string;
  @IsOptional() @TextList() @Describe('For stdio: arguments of the program.') args?: string[];
  @IsOptional() @ListOf(() => ParameterSource) @Describe('For stdio: environment variables.') env?: ParameterSource[];
  @IsOptional() @DurationOrSeconds() @Default('30s') @Describe('Limit of connecting and of one call.') timeout?: string;
  @IsOptional() @GoDurationNotNegative() @Default('1m') @Describe('How often to list tools.') pollInterval?: string;
  @IsOptional() @IsString() description?: string;
  @IsOptional() @Nested(() => McpAuthorization) authorization?: McpAuthorization;
}

/** What the server's OAuth metadata says (RFC 9728, RFC 8414). */
export class McpAuthorizationStatus {
  @IsOptional()
  @IsIn(['Required', 'DiscoveryFailed', 'Authorized'])
  state?: 'Required' | 'DiscoveryFailed' | 'Authorized';
  @IsOptional() @IsString() resource?: string;
  @IsOptional() @IsString() resourceMetadataURL?: string;
  @IsOptional() @IsString() resourceName?: string;
  @IsOptional() @TextList() authorizationServers?: string[];
  @IsOptional() @TextList() scopesSupported?: string[];
  @IsOptional() @TextList() grantTypesSupported?: string[];
  @IsOptional() @IsString() registrationEndpoint?: string;
  @IsOptional() @IsString() authorizationEndpoint?: string;
  @IsOptional() @IsString() tokenEndpoint?: string;
  @IsOptional() @Timestamp() lastDiscovered?: string;
  @IsOptional() @Timestamp() expiresAt?: string;
}

export class MCPServerStatus {
  @IsOptional() @IsString() resolvedAddress?: string;
  @IsOptional() @IsInt() @Field({ format: 'int32' }) toolCount?: number;
  @IsOptional() @Nested(() => McpAuthorizationStatus) authorization?: McpAuthorizationStatus;
  @Conditions(() => StatusCondition) conditions?: StatusCondition[];
}

/** A server of the Model Context Protocol; its tools become Tool objects. */
@Resource({
  group: ARK_GROUP,
  version: V1ALPHA1,
  kind: 'MCPServer',
  plural: 'mcpservers',
  printerColumns: [
    textColumn('Available', ".status.conditions[?(@.type=='Available')].status"),
    textColumn('Discovering', ".status.conditions[?(@.type=='Discovering')].status"),
    { name: 'Tools', type: 'integer', jsonPath: '.status.toolCount' },
    textColumn('Auth', '.status.authorization.state'),
    AGE,
  ],
})
export class MCPServer implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  @Nested(() => MCPServerSpec) spec: MCPServerSpec;
  @IsOptional() @Nested(() => MCPServerStatus) status?: MCPServerStatus;
}
