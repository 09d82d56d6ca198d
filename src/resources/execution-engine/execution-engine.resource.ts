import { IsOptional, IsString } from 'class-validator';
import { Cel, type KubeObject, type ObjectMeta, Resource } from '../../kit/index.js';
import { Describe, ListOf, Nested } from '../schema/fields.js';
import { AGE, ARK_GROUP, textColumn, V1PREALPHA1 } from '../shared/groups.js';
import { Header } from '../shared/header.js';
import { AddressSource } from '../shared/value-source.js';

export class ExecutionEngineSpec {
  @Nested(() => AddressSource) @Describe('A2A base URL of the engine.') address: AddressSource;
  @IsOptional()
  @ListOf(() => Header)
  @Describe('Sent with every request to the engine, for example its token.')
  headers?: Header[];
  @IsOptional() @IsString() description?: string;
  @IsOptional() @IsString() @Describe('Deprecated and ignored.') type?: string;
}

export class ExecutionEngineStatus {
  @IsOptional() @IsString() lastResolvedAddress?: string;
  /** `running`, `ready` or `error`. */
  @IsOptional() @IsString() phase?: string;
  @IsOptional() @IsString() message?: string;
}

/** A runtime for agents: a service that answers Queries over A2A with the query extension. */
@Cel(
  "self.metadata.name != 'a2a'",
  'the name a2a is kept for agents found on A2A servers; choose another name for the engine',
)
@Resource({
  group: ARK_GROUP,
  version: V1PREALPHA1,
  kind: 'ExecutionEngine',
  plural: 'executionengines',
  printerColumns: [
    textColumn('Phase', '.status.phase'),
    textColumn('Address', '.status.lastResolvedAddress'),
    AGE,
    { ...textColumn('Type', '.spec.type'), priority: 1 },
  ],
})
export class ExecutionEngine implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  @Nested(() => ExecutionEngineSpec) spec: ExecutionEngineSpec;
  @IsOptional() @Nested(() => ExecutionEngineStatus) status?: ExecutionEngineStatus;
}
