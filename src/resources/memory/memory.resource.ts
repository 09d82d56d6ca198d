import { IsIn, IsOptional, IsString } from 'class-validator';
import { type KubeObject, type ObjectMeta, Resource } from '../../kit/index.js';
import { Describe, ListOf, Nested } from '../schema/fields.js';
import { AGE, ARK_GROUP, textColumn, V1ALPHA1 } from '../shared/groups.js';
import { Header } from '../shared/header.js';
import { ValueSource } from '../shared/value-source.js';

export class MemorySpec {
  @Nested(() => ValueSource) @Describe('Base URL of a memory service.') address: ValueSource;
  @IsOptional() @ListOf(() => Header) headers?: Header[];
}

export class MemoryStatus {
  @IsOptional() @IsString() lastResolvedAddress?: string;
  @IsOptional() @IsIn(['running', 'ready', 'error']) phase?: 'running' | 'ready' | 'error';
  @IsOptional() @IsString() message?: string;
}

/** Where conversations are kept. The one named `default` serves its whole namespace. */
@Resource({
  group: ARK_GROUP,
  version: V1ALPHA1,
  kind: 'Memory',
  plural: 'memories',
  printerColumns: [textColumn('Phase', '.status.phase'), textColumn('Address', '.status.lastResolvedAddress'), AGE],
})
export class Memory implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  @Nested(() => MemorySpec) spec: MemorySpec;
  @IsOptional() @Nested(() => MemoryStatus) status?: MemoryStatus;
}
