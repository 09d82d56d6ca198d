import type { Message, ToolCall } from '../engine/message.js';
import { defineExtensionPoint } from '../extension/extension-point.js';
import type { Logger } from '../logger.js';
import type { ToolDescription } from '../model/model-provider.js';

/** Somebody who may speak in a team: an agent, or another team of the same namespace. */
export interface TeamMember {
  name: string;
  type: 'agent' | 'team';
  description: string;
}

/** Who chooses the next speaker, where somebody does. */
export interface TeamSelector {
  /** The choosing agent. */
  agent?: string;
  /** The Model that chooses where no agent is named. */
  model?: string;
  /** Template with `{{.Roles}}`, `{{.Participants}}` and `{{.History}}`. */
  prompt?: string;
  /** Whether the chooser may end the conversation. */
  mayTerminate: boolean;
  terminatePrompt?: string;
}

/** A Team object as its strategy sees it. */
export interface TeamConfig {
  name: string;
  namespace: string;
  description: string;
  /** In the order of the manifest. */
  members: readonly TeamMember[];
  /** Most turns of members, where the manifest says so. The runtime keeps it. */
  maxTurns?: number;
  /** Whether the sequence is repeated. */
  loops: boolean;
  selector?: TeamSelector;
  /** Allowed hand-overs, by the names of members. */
  edges: readonly { from: string; to: string }[];
}

/** What has happened in a team so far. */
export interface TeamState {
  team: TeamConfig;
  /** The members that have spoken, one entry a turn, oldest first. */
  spoken: readonly TeamMember[];
  /** The conversation before the team was asked. */
  history: readonly Message[];
  /** What the members said and did; `name` tells who. */
  transcript: readonly Message[];
  /** The user's request. */
  input: string;
}

/** Who is next, or that the team has ended. */
export type TeamStep =
  /** Several members speak side by side and do not hear each other. */
  { speak: readonly TeamMember[] } | TeamEnd;

/** The team has ended. */
export interface TeamEnd {
  end: true;
  /** The answer, where it is more than the last words: put together from what members said. */
  answer?: string;
  /** The answer as something that nobody has said yet; it becomes the last message. */
  closing?: string;
}

/** A question that a strategy asks besides the turns of the members. Its answer is no part of the conversation. */
export interface TeamQuestion {
  /** An agent of the team's namespace. It keeps its prompt, model and engine, and has none of its own tools. */
  agent?: string;
  /** A Model that answers, where no agent is named. */
  model?: string;
  /** Added to the agent's prompt. */
  instructions: string;
  /** What it is asked. */
  input: string;
  /** The tools it may call instead of answering in words. An engine elsewhere cannot be offered any. */
  tools: readonly ToolDescription[];
}

/** The answer to a {@link TeamQuestion}. */
export interface TeamReply {
  /** The answer in words. */
  text: string;
  /** The call by which the question was answered. */
  call?: ToolCall;
}

/** What the runtime lends a strategy while it decides. */
export interface TeamContext {
  /** Aborted on cancel, on time-out and at shutdown. */
  signal: AbortSignal;
  logger: Logger;
  /** Asks an agent or a model, within the time and budget of the Query. */
  ask(question: TeamQuestion): Promise<TeamReply>;
}

/**
 * Decides who speaks next in a team.
 *
 * Flow: the runtime calls `next`, lets those members speak, adds their words to the transcript and calls again.
 * Guarantees: no member speaks twice at once; limits of turns, tokens and time are kept by the runtime; what is given is
 * shared and never changed.
 * Decide from the state alone (and what `ask` says): one instance serves all teams at once.
 * Errors: throw; the text of an `ArkError` reaches the user, anything else is reported as a bug.
 */
export interface TeamStrategy {
  /** Who speaks next, or the end. */
  next(state: TeamState, context: TeamContext): Promise<TeamStep> | TeamStep;
  /**
   * How many turns a team takes, where the strategy ends by itself; `maxTurns` is then left aside. Undefined: only
   * `maxTurns`, or the runtime's own bound, ends it for sure.
   */
  turnsOf?(team: TeamConfig): number | undefined;
}

/** What a team strategy says of itself. */
export interface TeamStrategyOptions {
  /** What Teams write in `spec.strategy`. The file is `<name>.strategy.ts`. */
  name: string;
  /** One sentence for people. */
  description: string;
}

/** The extension point of team strategies. */
export const teamStrategies = defineExtensionPoint<TeamStrategy, TeamStrategyOptions>({
  point: 'strategy',
  methods: ['next'],
});

/**
 * Marks a class as a team strategy.
 *
 * @example
 * ```ts
 * @TeamStrategy({ name: 'first-only', description: 'Asks the first member' })
 * export class FirstOnlyStrategy implements TeamStrategy {
 *   next({ team, spoken }: TeamState): TeamStep {
 *     return spoken.length === 0 ? { speak: team.members.slice(0, 1) } : { end: true };
 *   }
 * }
 * ```
 */
export const TeamStrategy = teamStrategies.decorate;

/** The team strategies installed in this process. */
export abstract class TeamStrategies {
  /** Undefined when none of that name is installed. */
  abstract get(name: string): TeamStrategy | undefined;
  abstract names(): string[];
}
