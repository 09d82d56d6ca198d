import type { Message } from '../engine/message.js';
import { defineExtensionPoint } from '../extension/extension-point.js';

export interface TeamMember {
  name: string;
  type: 'agent' | 'team';
  description: string;
}

/** A Team object as its strategy sees it. */
export interface TeamConfig {
  name: string;
  namespace: string;
  members: TeamMember[];
  /** Most member turns. Absent: the runtime's own cap. */
  maxTurns?: number;
  loops: boolean;
  selector?: { agent: string; prompt?: string; enableTerminateTool: boolean; terminatePrompt?: string };
  /** Allowed transitions. */
  edges: { from: string; to: string }[];
}

/** What has happened so far. */
export interface TeamState {
  team: TeamConfig;
  /** Member turns taken. */
  turns: number;
  /** Who spoke last; absent before the first turn. */
  last?: string;
  transcript: readonly Message[];
  /** The user's request. */
  input: string;
}

/** Who is next: members that speak side by side, or the end. */
export type TeamStep =
  | { next: string[] }
  /** `answer` replaces the last member's text; `note` is a system message that says why it ended. */
  | { end: true; answer?: string; note?: string };

/** Asks the selector agent to choose; `terminate` carries the answer when it chose to end. */
export type AskSelector = (candidates: string[]) => Promise<{ name?: string; terminate?: string; note?: string }>;

/** Decides who speaks next. Pure but for `ask`: the same state gives the same step. */
export interface TeamStrategy {
  next(state: TeamState, ask: AskSelector): Promise<TeamStep>;
}

export interface TeamStrategyOptions {
  /** What Teams write in `spec.strategy`. The file is `<name>.strategy.ts`. */
  name: string;
  description: string;
}

/** The extension point of team strategies. */
export const teamStrategies = defineExtensionPoint<TeamStrategy, TeamStrategyOptions>({
  point: 'strategy',
  methods: ['next'],
});

/** Marks a class as a team strategy. */
export const OrchestratesTeams = teamStrategies.decorate;

/** The team strategies installed in this process. */
export abstract class TeamStrategies {
  abstract get(name: string): TeamStrategy | undefined;
  abstract names(): string[];
}
