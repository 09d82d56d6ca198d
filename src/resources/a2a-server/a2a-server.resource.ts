import { ArrayMaxSize, IsIn, IsOptional, IsString } from 'class-validator';
import { Cel, Default, type KubeObject, type ObjectMeta, Resource } from '../../kit/index.js';
import { Conditions, Describe, DurationOrSeconds, GoDurationNotNegative, ListOf, Nested } from '../schema/fields.js';
import { AGE, ARK_GROUP, textColumn, V1PREALPHA1 } from '../shared/groups.js';
import { CheckedHeader, type Header } from '../shared/header.js';
import { StatusCondition } from '../shared/status-condition.js';
import { AddressSource } from '../shared/value-source.js';

/** When the name of a server comes before that of its agent. */
export const AGENT_NAME_PREFIXES = ['never', 'onConflict', 'always'] as const;
export type AgentNamePrefix = (typeof AGENT_NAME_PREFIXES)[number];

export class A2AServerSpec {
  @Nested(() => AddressSource)
  @Cel(
    "(has(self.value) && self.value != '') != has(self.valueFrom)",
    'address needs exactly one of value and valueFrom',
  )
  @Describe('Base URL of the server; may have a path.')
  address: AddressSource;
  @IsOptional()
  @ListOf(() => CheckedHeader)
  @ArrayMaxSize(64)
  @Cel('self.all(header, self.exists_one(other, other.name == header.name))', 'each header may be given once')
  headers?: Header[];
  @IsOptional() @IsString() description?: string;
  @IsOptional()
  @IsIn(AGENT_NAME_PREFIXES)
  @Describe(
    "Whether the Agent is named <server>-<agent> instead of as its card says: never, onConflict (when the card's name " +
      "is somebody else's) or always. Default: the runtime's setting, which is onConflict unless told otherwise. Agents " +
      'of a list of cards always are.',
  )
  agentNamePrefix?: AgentNamePrefix;
  @IsOptional() @GoDurationNotNegative() @Default('1m') @Describe('How often to read the card.') pollInterval?: string;
  @IsOptional() @DurationOrSeconds() @Default('5m') @Describe('Limit of one call to the agent.') timeout?: string;
}

export class A2AServerStatus {
  @IsOptional() @IsString() lastResolvedAddress?: string;
  @Conditions(() => StatusCondition) conditions?: StatusCondition[];
}

/** A server that speaks A2A; the agent on its card becomes an Agent object. */
@Resource({
  group: ARK_GROUP,
  version: V1PREALPHA1,
  kind: 'A2AServer',
  plural: 'a2aservers',
  printerColumns: [
    textColumn('Ready', ".status.conditions[?(@.type=='Ready')].status"),
    textColumn('Discovering', ".status.conditions[?(@.type=='Discovering')].status"),
    textColumn('Address', '.status.lastResolvedAddress'),
    AGE,
  ],
})
export class A2AServer implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  @Nested(() => A2AServerSpec) spec: A2AServerSpec;
  @IsOptional() @Nested(() => A2AServerStatus) status?: A2AServerStatus;
}
