import type { RequestOptions } from '@a2a-js/sdk/client';

/** Word of one task that its server sends by itself. Word says only that there is news: the server is asked for it. */
export interface Tidings {
  /** Asks the server to send word of the task from now on. Whether it will; a server that cannot is no error. */
  order(taskId: string, options: RequestOptions): Promise<boolean>;
  /** Resolves at once when word has come since the last call, else when it comes or when the time is over. */
  next(withinMs: number, signal: AbortSignal): Promise<void>;
  /** Nobody listens any more. */
  end(): void;
}
