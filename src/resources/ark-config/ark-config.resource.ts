import { IsOptional } from 'class-validator';
import { Cel, Default, type KubeObject, type ObjectMeta, Resource } from '../../kit/index.js';
import { Describe, GoDurationPositive, Nested } from '../schema/fields.js';
import { AGE, ARK_GROUP, textColumn, V1ALPHA1 } from '../shared/groups.js';

/** The only ArkConfig that is read. */
export const ARK_CONFIG = 'default';

export class ArkConfigSpec {
  @IsOptional() @GoDurationPositive() @Describe('ttl of Queries that name none.') queryTTL?: string;
}

export class ArkConfigStatus {}

/** Settings of the whole installation. */
@Cel("self.metadata.name == 'default'", 'only the ArkConfig named default is read; name it default')
@Resource({
  group: ARK_GROUP,
  version: V1ALPHA1,
  kind: 'ArkConfig',
  plural: 'arkconfigs',
  scope: 'Cluster',
  printerColumns: [textColumn('QueryTTL', '.spec.queryTTL'), AGE],
})
export class ArkConfig implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  @Nested(() => ArkConfigSpec) @Default({}) spec: ArkConfigSpec;
  @IsOptional() @Nested(() => ArkConfigStatus) status?: ArkConfigStatus;
}
