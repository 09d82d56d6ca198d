/** What a tool does to the world, as its author says (the hints of the Model Context Protocol). */
export interface ToolHints {
  title?: string;
  readOnlyHint?: boolean;
  destructiveHint?: boolean;
  idempotentHint?: boolean;
  openWorldHint?: boolean;
}

/** An image a tool returned, for models that can see. */
export interface ToolImage {
  /** For example `image/png`. */
  mimeType: string;
  /** Base64. */
  data: string;
}

/** What a tool answered. */
export interface ToolResult {
  /** What the model gets to read. */
  text: string;
  /** The tool says that it failed; the model may try something else. */
  isError?: boolean;
  /** For models that can see. Absent: none. */
  images?: ToolImage[];
  /** Ends the turn of the agent, and of the team it works in; the text is the answer. */
  terminate?: boolean;
}
