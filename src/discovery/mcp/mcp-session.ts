import type { Client } from '@modelcontextprotocol/client';
import { ArkError, invalid, type McpServerConfig, unavailable } from '../../kit/index.js';
import { durationOr } from '../../resources/values/duration.js';
import { abortable, abortError } from './abortable.js';
import { toolResult } from './call-result.js';
import { isBroken, mcpFailure, wasNotHandled } from './failures.js';
import { type ClientParts, closeQuietly, type OpenClient, openClient } from './open-client.js';
import { serverName } from './server-identity.js';

const DEFAULT_TIMEOUT_MS = 30_000;
/** Characters of what a server says about itself. */
const LONGEST_REASON = 500;

/** Milliseconds that connecting, listing and one call may take. */
export const timeoutOf = ({ timeout }: McpServerConfig): number => durationOr(timeout, DEFAULT_TIMEOUT_MS);

export interface Operation<T> {
  /** For error messages. */
  what: string;
  signal: AbortSignal;
  /** Whether it may run again although the server may have acted on the first attempt. */
  repeatable: boolean;
  run(client: Client): Promise<T>;
}

/**
 * One session with one server, shared by everybody who may use it. It is opened when needed, by one of those who wait
 * for it, and opened again when it was lost.
 */
export class McpSession {
  private current?: OpenClient;
  private opening?: Promise<OpenClient>;
  private ended = false;
  /** Called when the server says that its tools have changed. */
  readonly changeListeners = new Set<() => void>();
  /** Input schemas by tool name, from the last listing; the SDK needs them for headers of the newest protocol. */
  readonly inputSchemas = new Map<string, unknown>();

  constructor(
    readonly server: McpServerConfig,
    private readonly parts: ClientParts,
  ) {}

  /** Connected: with how, and at which URL. Concurrent callers share one handshake. */
  open(signal: AbortSignal): Promise<OpenClient> {
    if (this.ended) throw unavailable(`${serverName(this.server)}: this process is stopping`);
    if (this.current) return Promise.resolve(this.current);
    this.opening ??= this.connect().finally(() => {
      this.opening = undefined;
    });
    return abortable(this.opening, signal, `connecting to ${serverName(this.server)}`);
  }

  /** Runs it on the open session; once more on a new one when the old one turns out to be lost. */
  async use<T>(operation: Operation<T>): Promise<T> {
    const fresh = this.current === undefined;
    const open = await this.open(operation.signal);
    try {
      return await this.run(open, operation);
    } catch (error) {
      const lost = wasNotHandled(error) || isBroken(error);
      if (lost) await this.drop(open);
      const again = lost && !operation.signal.aborted && (wasNotHandled(error) ? !fresh : operation.repeatable);
      if (!again) throw error;
    }
    return this.run(await this.open(operation.signal), operation);
  }

  async close(): Promise<void> {
    this.ended = true;
    this.changeListeners.clear();
    const open = this.current ?? (await this.opening?.catch(() => undefined));
    this.current = undefined;
    await open?.end();
  }

  private async run<T>(open: OpenClient, { signal, what, run }: Operation<T>): Promise<T> {
    const name = serverName(this.server);
    try {
      return await abortable(run(open.client), signal, `${what} of ${name}`);
    } catch (error) {
      if (signal.aborted) throw abortError(signal, `${what} of ${name}`);
      throw mcpFailure(name, error, open.refusal());
    }
  }

  private async connect(): Promise<OpenClient> {
    const closed = { already: false };
    const opened = await openClient(
      this.server,
      this.parts,
      {
        onClose: () => {
          closed.already = true;
          if (this.current === opened) this.current = undefined;
        },
        onToolsChanged: () => {
          for (const listener of this.changeListeners) listener();
        },
      },
      AbortSignal.timeout(timeoutOf(this.server)),
    );
    await this.begin(opened);
    if (this.ended) await closeQuietly(opened.client);
    else if (!closed.already) this.current = opened;
    return opened;
  }

  /** What the session begins with, e.g. a sign-in. Without it the session is none. */
  private async begin(opened: OpenClient): Promise<void> {
    const timeout = timeoutOf(this.server);
    for (const { name, arguments: args } of this.server.openingCalls ?? []) {
      const where = `${serverName(this.server)}: the call of '${name}' that opens the session failed`;
      try {
        const { isError, text } = toolResult(await opened.client.callTool({ name, arguments: args }, { timeout }));
        if (isError) throw invalid(`${where}: ${text.slice(0, LONGEST_REASON)}`);
      } catch (error) {
        await opened.end();
        throw error instanceof ArkError ? error : mcpFailure(where, error, opened.refusal());
      }
    }
  }

  private async drop(open: OpenClient): Promise<void> {
    if (this.current === open) this.current = undefined;
    await closeQuietly(open.client);
  }
}
