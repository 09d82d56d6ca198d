import { IsIn, IsInt, IsOptional, IsString, MinLength } from 'class-validator';
import { Default, Field, type KubeObject, type ObjectMeta, Resource } from '../../kit/index.js';
import {
  Conditions,
  Describe,
  GoDurationNotNegative,
  GoDurationPositive,
  ListOf,
  Nested,
  TextMap,
  Timestamp,
} from '../schema/fields.js';
import { AGE, ARK_GROUP, textColumn, V1ALPHA1 } from '../shared/groups.js';
import { NamedReference } from '../shared/reference.js';
import { StatusCondition } from '../shared/status-condition.js';
import { TaskArtifact, TaskMessage } from './task-content.js';

/** Who works on the task; may be empty. */
export class TaskAgentReference {
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsString() namespace?: string;
}

/** The A2AServer that holds the task. Absent for approvals, which an engine of this system holds. */
export class TaskServerReference {
  @IsOptional() @IsString() @MinLength(1) name?: string;
  @IsOptional() @IsString() namespace?: string;
}

/** Two l in `cancelled`, unlike everywhere else. */
export const TASK_PHASES = [
  'pending',
  'assigned',
  'running',
  'input-required',
  'auth-required',
  'completed',
  'failed',
  'cancelled',
  'unknown',
] as const;
export type TaskPhase = (typeof TASK_PHASES)[number];

/** States of the A2A protocol. */
export const PROTOCOL_STATES = [
  'submitted',
  'working',
  'input-required',
  'completed',
  'canceled',
  'failed',
  'rejected',
  'auth-required',
  'unknown',
] as const;
export type ProtocolState = (typeof PROTOCOL_STATES)[number];

export class A2ATaskSpec {
  @Nested(() => NamedReference) queryRef: NamedReference;
  @Nested(() => TaskAgentReference) agentRef: TaskAgentReference;
  @IsOptional() @Nested(() => TaskServerReference) a2aServerRef?: TaskServerReference;
  @IsString() @MinLength(1) @Describe('Id of the task in the protocol.') taskId: string;
  @IsOptional() @IsString() contextId?: string;
  @IsOptional() @IsString() @Describe('Reply of a person, e.g. {"decision":"approved"}.') input?: string;
  @IsOptional() @TextMap() parameters?: Record<string, string>;
  @IsOptional() @IsInt() @Field({ format: 'int32' }) @Default(0) priority?: number;
  @IsOptional() @GoDurationPositive() @Default('12h') timeout?: string;
  @IsOptional() @GoDurationPositive() @Default('720h') ttl?: string;
  @IsOptional() @GoDurationNotNegative() @Default('5s') pollInterval?: string;
}

export class A2ATaskStatus {
  @IsOptional() @IsIn(TASK_PHASES) @Default('pending') phase?: TaskPhase;
  @IsOptional() @IsIn(PROTOCOL_STATES) protocolState?: ProtocolState;
  @IsOptional() @Timestamp() startTime?: string;
  @IsOptional() @Timestamp() completionTime?: string;
  @IsOptional() @IsString() error?: string;
  @IsOptional() @IsString() contextId?: string;
  @IsOptional() @ListOf(() => TaskArtifact) artifacts?: TaskArtifact[];
  @IsOptional() @ListOf(() => TaskMessage) history?: TaskMessage[];
  @IsOptional() @Nested(() => TaskMessage) lastStatusMessage?: TaskMessage;
  @IsOptional() @IsString() @Describe("The server's own text.") lastStatusTimestamp?: string;
  @IsOptional() @TextMap() protocolMetadata?: Record<string, string>;
  @Conditions(() => StatusCondition) conditions?: StatusCondition[];
}

/** An exchange with an agent over A2A, or a decision that a person has to take. */
@Resource({
  group: ARK_GROUP,
  version: V1ALPHA1,
  kind: 'A2ATask',
  plural: 'a2atasks',
  printerColumns: [
    textColumn('Query', '.spec.queryRef.name'),
    textColumn('Agent', '.spec.agentRef.name'),
    textColumn('Phase', '.status.phase'),
    AGE,
  ],
})
export class A2ATask implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  @Nested(() => A2ATaskSpec) spec: A2ATaskSpec;
  @IsOptional() @Nested(() => A2ATaskStatus) status?: A2ATaskStatus;
}
