import { createHash } from 'node:crypto';
import type { EngineEvent, Message, ToolCall, ToolDescription } from '../../kit/index.js';

/** Whom others may ask while they work on a Query. A model is asked where no agent is named. */
export interface Participant {
  type: 'agent' | 'team' | 'model';
  name: string;
}

/** Who says something, where it is not the target of the Query itself. One object per turn: the same name may come again. */
export interface Speaker {
  team: string;
  /** Absent: the team says it, with nobody's voice. */
  agent?: string;
}

/** What somebody is asked. */
export interface Turn {
  input: string;
  /** The conversation before the Query. */
  history: readonly Message[];
  /** What the others of a team have said since. */
  transcript: readonly Message[];
  /** The conversation of the Query, which those that are asked belong to. Empty text: none. */
  conversationId: string;
  /** Asks for a choice: told beside the own prompt, with these tools and no others. */
  choice?: { instructions: string; tools: readonly ToolDescription[] };
  /** The team whose turn it is. */
  team?: string;
  /** Hears of everything that is said. */
  onEvent?(event: EngineEvent, speaker: Speaker): void;
}

/** What somebody answered. */
export interface Said {
  text: string;
  /** In order; the answer is in them. */
  messages: Message[];
  /** A tool ended the work. */
  terminated?: boolean;
  /** How the choice was made, where it was made by a tool. */
  call?: ToolCall;
}

/** `agent 'writer'`, for messages. */
export const participantText = ({ type, name }: Participant): string => `${type} '${name}'`;

/** The conversation of one member: the same in every turn, and known to nobody else. Ark computes it in this way. */
export function memberThread(namespace: string, parent: string, name: string): string {
  return createHash('sha256').update([namespace, parent, name].join('\0')).digest('hex').slice(0, 32);
}
