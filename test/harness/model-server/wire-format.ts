/** What a model was asked, in whatever words. */
export interface Asked {
  /** The model's id, or the name of its deployment. */
  model: string;
  /** The last text of the user. */
  said: string;
  /** Whether tools were offered. */
  tools: boolean;
}

export interface RecordedRequest {
  method: string;
  /** With the query. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: Record<string, unknown>;
}

export interface Counts {
  input: number;
  output: number;
  cached: number;
}

/** How one vendor puts things into bytes. Written from the vendors' documents; shares no code with the product. */
export interface WireFormat {
  contentType: string;
  asked(request: RecordedRequest): Asked;
  begin(counts: Counts): string | Buffer;
  text(piece: string): string | Buffer;
  toolCall(name: string, args: string): string | Buffer;
  end(reason: 'text' | 'tool', counts: Counts): string | Buffer;
  refusal(message: string): object;
  /** The answer to a GET, when the vendor lists models. */
  list?(path: string, models: string[]): object | undefined;
}
