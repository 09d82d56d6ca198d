import type { IncomingMessage } from 'node:http';
import { StatusError } from '../../../api-server/status.js';
import type { Caller } from '../tokens/caller.js';
import { negotiate, type Representation } from './accept.js';
import { parseMediaType } from './media-type.js';
import { QueryParameters } from './query-parameters.js';
import { readBody } from './read-body.js';

/** A request of the door, with what its handlers need read once. */
export class DoorRequest {
  readonly method: string;
  readonly path: string;
  /** Path segments, decoded. */
  readonly segments: readonly string[];
  readonly query: QueryParameters;
  /** Warnings for the client, sent as headers. */
  readonly warnings: string[] = [];
  /** Whose token was shown, and in whose name the request is made; absent until that is known. */
  caller?: { holder: Caller; as: Caller };

  private constructor(
    private readonly message: IncomingMessage,
    url: URL,
    /** Aborted when the client goes away or the server stops. */
    readonly signal: AbortSignal,
  ) {
    this.method = message.method ?? 'GET';
    this.path = url.pathname;
    this.segments = url.pathname.replace(/\/$/, '').split('/').slice(1).map(decode);
    this.query = new QueryParameters(url.searchParams);
  }

  /** Throws BadRequest for a path that cannot be read. */
  static from(message: IncomingMessage, signal: AbortSignal): DoorRequest {
    let url: URL;
    try {
      // A path such as `//host/x` would be read as a host without the fixed origin in front.
      url = new URL(`http://door${message.url?.startsWith('/') ? '' : '/'}${message.url ?? '/'}`);
    } catch {
      throw new StatusError('BadRequest', 'the path of the request cannot be read');
    }
    return new DoorRequest(message, url, signal);
  }

  /** Of the client. */
  get address(): string {
    return this.message.socket.remoteAddress ?? '';
  }

  header(name: string): string | undefined {
    const value = this.message.headers[name];
    return Array.isArray(value) ? value.join(',') : value;
  }

  /** Every value of a header that may come several times. */
  headers(name: string): string[] {
    return this.message.headersDistinct[name] ?? [];
  }

  /** The form the client wants. Throws NotAcceptable. */
  get representation(): Representation {
    return negotiate(this.header('accept'));
  }

  /** The media type of the body; absent means JSON, as for the real server. */
  get contentType(): string {
    return parseMediaType(this.header('content-type') ?? 'application/json').type || 'application/json';
  }

  body(): Promise<Buffer> {
    return readBody(this.message);
  }

  /** Who writes: the `fieldManager` parameter, or else the name in the user agent, as the real server takes it. */
  get fieldManager(): string {
    return (
      this.query.text('fieldManager') ?? ((this.header('user-agent') ?? '').split('/')[0] || 'unknown').slice(0, 128)
    );
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new StatusError('BadRequest', `the path segment ${JSON.stringify(segment)} is not valid percent-encoding`);
  }
}
