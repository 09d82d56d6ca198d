/** A program of this machine that is an MCP server on its standard input and output. */
export interface McpProgram {
  command: string;
  args: string[];
  /** Values of secrets are filled in; never log them. */
  env: Record<string, string>;
}

/** A call that opens a session, such as a sign-in. */
export interface McpOpeningCall {
  name: string;
  arguments: Record<string, unknown>;
}

/** How to reach an MCP server that carries tools of the agent. */
export interface McpServerConfig {
  /** The MCPServer object's name. */
  name: string;
  /** The endpoint; empty text for `stdio`. */
  url: string;
  transport: 'http' | 'sse' | 'stdio';
  /** For `stdio`, where `url` is empty text. */
  program?: McpProgram;
  /** Go duration text, e.g. `30s`. */
  timeout: string;
  /** Values of secrets are filled in; never log them. */
  headers: Record<string, string>;
  /** What in it came out of Secrets, whatever it is called: for `redactor`. Default: nothing. Never log it. */
  secrets?: readonly string[];
  /**
   * Made once on every new session, in order, before anything else; one that fails fails the connection. The Query asks
   * for them, not the model: the allowlist does not bound them.
   */
  openingCalls?: McpOpeningCall[];
  /** Allowlist of tool names on that server. A tool that is not listed must not be used. */
  tools: string[];
}
