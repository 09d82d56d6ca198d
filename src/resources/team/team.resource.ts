import {
  ArrayMaxSize,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { Cel, Default, type KubeObject, type ObjectMeta, Resource } from '../../kit/index.js';
import { Conditions, Describe, GoDurationPositive, ListOf, Nested } from '../schema/fields.js';
import { AGE, ARK_GROUP, conditionColumn, textColumn, V1ALPHA1 } from '../shared/groups.js';
import { StatusCondition } from '../shared/status-condition.js';

export class TeamMember {
  @IsString() @MinLength(1) @MaxLength(253) name: string;
  @IsIn(['agent', 'team']) type: 'agent' | 'team';
}

/** How the next speaker is chosen under the strategy `selector`. */
export class TeamSelector {
  @IsOptional() @IsString() @Describe('Agent that chooses the next speaker.') agent?: string;
  @IsOptional() @IsString() @Describe('Deprecated: a Model that chooses.') model?: string;
  @IsOptional()
  @IsString()
  @Describe('Template with {{.Roles}}, {{.Participants}} and {{.History}}.')
  selectorPrompt?: string;
  @IsOptional() @IsBoolean() @Describe('Lets the chooser end the conversation.') enableTerminateTool?: boolean;
  @IsOptional() @IsString() terminatePrompt?: string;
}

export class TeamEdge {
  @IsString() @MaxLength(253) from: string;
  @IsString() @MaxLength(253) to: string;
}

export class TeamGraph {
  @ListOf(() => TeamEdge) @ArrayMaxSize(1024) @Describe('Allowed hand-overs between members.') edges: TeamEdge[];
}

@Cel("self.strategy != 'sequential' || !self.loops || has(self.maxTurns)", 'loops needs maxTurns, else it never ends')
@Cel(
  "!self.loops || self.strategy != 'selector' && self.strategy != 'graph'",
  'loops goes with strategy sequential only',
)
@Cel(
  "self.strategy != 'selector' || has(self.selector) && (has(self.selector.agent) && self.selector.agent != '' || has(self.selector.model) && self.selector.model != '')",
  'strategy selector needs selector.agent, the agent that chooses the next speaker',
)
@Cel("self.strategy != 'graph' || has(self.graph) && size(self.graph.edges) > 0", 'strategy graph needs graph.edges')
export class TeamSpec {
  @ListOf(() => TeamMember) @ArrayMaxSize(256) @Describe('Participants, in order.') members: TeamMember[];
  @IsString()
  @MaxLength(63)
  @Matches(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
  @Describe('sequential, selector, graph, parallel, round-robin, or another installed strategy.')
  strategy: string;
  @IsOptional() @IsString() @Describe('Shown to models that may call the team.') description?: string;
  @IsOptional() @IsBoolean() @Default(false) @Describe('Repeat the sequence up to maxTurns.') loops?: boolean;
  @IsOptional() @IsInt() @Min(1) @Describe('Upper bound of member turns.') maxTurns?: number;
  @IsOptional() @IsInt() @Min(1) @Describe('No further turn once so many tokens are spent.') maxTokens?: number;
  @IsOptional() @GoDurationPositive() @Describe('Limit of one answer of the team.') timeout?: string;
  @IsOptional() @Nested(() => TeamSelector) selector?: TeamSelector;
  @IsOptional() @Nested(() => TeamGraph) graph?: TeamGraph;
}

export class TeamStatus {
  @Conditions(() => StatusCondition) conditions?: StatusCondition[];
}

/** Agents and teams that work on one question together. */
@Resource({
  group: ARK_GROUP,
  version: V1ALPHA1,
  kind: 'Team',
  plural: 'teams',
  printerColumns: [textColumn('Strategy', '.spec.strategy'), conditionColumn('Available'), AGE],
})
export class Team implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  @Nested(() => TeamSpec) spec: TeamSpec;
  @IsOptional() @Nested(() => TeamStatus) status?: TeamStatus;
}
