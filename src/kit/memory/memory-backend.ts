import type { EgressRules } from '../egress/egress-guard.js';
import { defineExtensionPoint } from '../extension/extension-point.js';

/** A chat message as it is stored and sent: OpenAI's shape, in snake case. */
export interface ChatMessage {
  /** `system`, `user`, `assistant` or `tool`. */
  role: string;
  content: string;
  /** Who spoke, when several agents share a conversation. */
  name?: string;
  tool_calls?: { id: string; type: 'function'; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
  /** For role `tool`: the call failed. Not of OpenAI's form, where nothing tells; absent for calls that worked. */
  is_error?: boolean;
}

/** A Memory object with every reference resolved. Holds keys: never log it. */
export interface MemoryConfig {
  name: string;
  namespace: string;
  /** Base URL of the service, without a slash at its end. */
  address: string;
  /** Sent with every request. Values of secrets are filled in; never log them. */
  headers: Record<string, string>;
  /** What in it came out of Secrets, whatever it is called: for `redactor`. Default: nothing. Never log it. */
  secrets?: readonly string[];
  /** Where the service may be. Default: anywhere but link-local and metadata addresses. */
  egress?: EgressRules;
}

/** What one Query adds to a conversation. */
export interface ConversationEntry {
  conversationId: string;
  /** The Query that adds them. */
  query: { name: string; uid: string };
  /** In their order. */
  messages: ChatMessage[];
  /** The Query may have been here before: an earlier attempt, or the first half of its messages. Default: false. */
  again?: boolean;
  /** Seconds after which the messages are forgotten. Absent: they stay. */
  ttlSeconds?: number;
}

/** One message as a memory holds it. */
export interface MemoryItem {
  /** Rises with every message of a memory; where the next page begins. */
  sequence: number;
  /** The uid of the Query that added it; empty text where the service does not tell. */
  queryId: string;
  message: ChatMessage;
}

/** A part of a conversation. */
export interface MemoryPage {
  /** Oldest first. */
  items: MemoryItem[];
  /** Pass it as `after` for the next page. Absent: this was the last one. */
  next?: number;
}

/** One memory, ready to use. */
export interface MemoryClient {
  /**
   * Adds to the end of a conversation. Durable when it resolves.
   *
   * With `again`, messages that are kept under this conversation and the Query's uid are counted off the front of the
   * list, so that a repeat adds only what is missing.
   */
  append(entry: ConversationEntry, signal: AbortSignal): Promise<void>;
  /** A page of a conversation, oldest first; of an unknown one: empty. `limit` is at most 1000. Default: 100. */
  read(conversationId: string, page: { after?: number; limit?: number }, signal: AbortSignal): Promise<MemoryPage>;
  /** Removes what these Queries added anywhere. Nothing to remove is no error. */
  forget(queries: readonly { name: string; uid: string }[], signal: AbortSignal): Promise<void>;
}

/**
 * Knows how to talk to one kind of memory service. Connections it keeps open are closed in `onApplicationShutdown` of
 * Nest and no earlier: what was said last is written while the process ends.
 */
export interface MemoryProvider {
  /** Makes a client; throws `Invalid` when the config cannot work. Makes no call. */
  open(config: MemoryConfig): MemoryClient;
}

/** What a memory backend says of itself. */
export interface MemoryBackendOptions {
  name: string;
  /** One sentence for people. */
  description: string;
  /** Schemes of the addresses it serves, e.g. `['http', 'https']`. */
  schemes: string[];
}

/** The extension point of memory backends. */
export const memoryBackends = defineExtensionPoint<MemoryProvider, MemoryBackendOptions>({
  point: 'memory',
  methods: ['open'],
});

/** Marks a class as a memory backend: the `spec.address` of a Memory object chooses it by its scheme. */
export const MemoryBackend = memoryBackends.decorate;

/** The memory backends installed in this process. */
export abstract class MemoryBackends {
  /** @throws `Invalid` naming the schemes that are installed, or both backends when two serve the same one */
  abstract forAddress(address: string): MemoryProvider;
}
