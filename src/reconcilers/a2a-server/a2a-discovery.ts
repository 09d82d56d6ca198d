/** An agent as its card describes it. */
export interface FoundAgent {
  name: string;
  description: string;
  /** As the card has them. */
  skills: readonly unknown[];
  streaming: boolean;
  /** Whether the server offers to send word of the agent's tasks. */
  pushes: boolean;
  /** The base URL of the agent. */
  address: string;
  /** How it is called; absent: JSON-RPC of protocol 0.3 at its address. */
  endpoint?: AgentEndpoint;
}

/** One way to call an agent. */
export interface AgentEndpoint {
  url: string;
  /** `JSONRPC` or `HTTP+JSON`. */
  binding: string;
  /** Version of the protocol, e.g. `1.0`. */
  version: string;
}

export interface FoundAgents {
  agents: FoundAgent[];
  /** Whether they came as a list: then their names begin with the server's. */
  listed: boolean;
  /** What people should know of a card that can be used. */
  notes?: readonly string[];
  /** Why others of the list cannot be used. */
  problems?: readonly string[];
  /** Whether the server may have more agents than could be read just now. */
  partial?: boolean;
  /** Where they were found, and the version of what was found there. */
  url: string;
  etag?: string;
}

export interface CardReading {
  /** Base URL of the server. */
  address: string;
  /** Sent with every request; may hold keys. */
  headers: Record<string, string>;
  /** What came out of Secrets in headers and address. */
  secrets?: readonly string[];
  /** What was found the last time; returned itself when the server says that nothing has changed. */
  known?: FoundAgents;
  signal: AbortSignal;
}

/** Reads the cards of A2A servers for the reconciler. */
export abstract class A2aDiscovery {
  /** @throws ArkError saying what was asked and what came back; never with a header in its text */
  abstract read(reading: CardReading): Promise<FoundAgents>;
}
