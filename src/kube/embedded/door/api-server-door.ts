import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { conflict } from '../../../kit/errors/ark-error.js';
import type { Logger } from '../../../kit/logger.js';
import type { DoorChanges } from '../../door-changes.js';
import type { EmbeddedApiServer } from '../embedded-api-server.js';
import { DoorRoutes } from './door-routes.js';
import { type Answer, send, warningHeaders } from './http/answer.js';
import { DoorRequest } from './http/door-request.js';
import { failureAnswer } from './http/failure.js';
import { notedChange } from './noted-change.js';
import { loadCredentials } from './pki/credentials.js';
import { kubeconfigText } from './pki/kubeconfig.js';
import { writePrivate } from './pki/private-folder.js';
import { isReview } from './reviews/review-kinds.js';
import { ADMINISTRATOR } from './tokens/caller-gate.js';

export interface ApiServerDoorOptions {
  server: EmbeddedApiServer;
  /** Holds `pki/`, `token` and `kubeconfig`. */
  dataDir: string;
  /** Default: `127.0.0.1`. */
  host?: string;
  /** 0 takes a free port. */
  port: number;
  /** The version of this project, shown by `kubectl version`. */
  version: string;
  logger?: Logger;
  /** Hears of every request that changes something. */
  changes?: DoorChanges;
}

/** Slow clients: a request must arrive within these times, in milliseconds. */
const HEADERS_WITHIN = 10_000;
const REQUEST_WITHIN = 60_000;
const IDLE_WITHIN = 90_000;
const MAX_HEADER_BYTES = 32 * 1024;
/** How long a client may take to read that it was refused. */
const REFUSED_WITHIN = 1_000;
/** How long `close` lets answers under way finish. */
const CLOSE_WITHIN = 2_000;

/** The HTTPS door of the embedded API server: what kubectl and client libraries talk to. */
export class ApiServerDoor {
  private constructor(
    private readonly http: Server,
    private readonly stopping: AbortController,
    private readonly underWay: ReadonlySet<Promise<void>>,
    readonly url: string,
    readonly port: number,
    readonly kubeconfigPath: string,
  ) {}

  /** Opens the door and writes the kubeconfig for it. Throws when the port is taken. */
  static async listen(options: ApiServerDoorOptions): Promise<ApiServerDoor> {
    const { server, dataDir, host = '127.0.0.1', version, logger, changes } = options;
    const credentials = await loadCredentials(dataDir, host);
    const stopping = new AbortController();
    const http = createServer({
      cert: credentials.server.certificate,
      key: credentials.server.key,
      minVersion: 'TLSv1.2',
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_WITHIN,
      requestTimeout: REQUEST_WITHIN,
      keepAliveTimeout: IDLE_WITHIN,
      connectionsCheckingInterval: 2_000,
      handshakeTimeout: HEADERS_WITHIN,
      noDelay: true,
    });
    http.on('clientError', refuse);
    http.on('tlsClientError', (_error, socket) => socket.destroy());
    const port = await listen(http, options.port, host);
    const url = urlOf(host, port);
    const address = url.slice('https://'.length);
    const routes = new DoorRoutes(server, credentials, { address, version });
    const underWay = new Set<Promise<void>>();
    http.on('request', (message: IncomingMessage, response: ServerResponse) => {
      const answered = answer({ routes, logger, changes }, message, response, stopping.signal);
      underWay.add(answered);
      void answered.finally(() => underWay.delete(answered));
    });
    await server.opened({
      authority: credentials.authority,
      reviews: isReview,
      review: (type, review) => routes.desk.answer(type, review, ADMINISTRATOR),
    });
    const kubeconfigPath = join(dataDir, 'kubeconfig');
    await writePrivate(
      kubeconfigPath,
      kubeconfigText({ url, authority: credentials.authority, token: credentials.token }),
    );
    logger?.info({ url, kubeconfig: kubeconfigPath }, 'The embedded API server listens');
    return new ApiServerDoor(http, stopping, underWay, url, port, kubeconfigPath);
  }

  /** Ends watches, lets answers under way finish for two seconds and lets the port go. Nothing is changed through it after that. */
  async close(): Promise<void> {
    this.stopping.abort();
    const closed = new Promise<void>((done) => this.http.close(() => done()));
    // Connections become idle one by one as their answers end.
    const idle = setInterval(() => this.http.closeIdleConnections(), 20);
    const force = setTimeout(() => this.http.closeAllConnections(), CLOSE_WITHIN);
    await closed;
    clearInterval(idle);
    clearTimeout(force);
    // Who was cut off may still be at work on a change.
    await Promise.all(this.underWay);
  }
}

interface Inside {
  routes: DoorRoutes;
  logger?: Logger;
  changes?: DoorChanges;
}

async function answer(
  { routes, logger, changes }: Inside,
  message: IncomingMessage,
  response: ServerResponse,
  stopping: AbortSignal,
): Promise<void> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  stopping.addEventListener('abort', leave, { once: true });
  response.on('close', () => {
    stopping.removeEventListener('abort', leave);
    // After a whole answer nobody listens any more, and to abort costs an error with its stack.
    if (!response.writableFinished) leave();
  });
  response.on('error', leave);
  message.on('error', leave);
  const acceptEncoding = String(message.headers['accept-encoding'] ?? '');
  let request: DoorRequest | undefined;
  const say = async (result: Answer, encoding: string) => {
    if (request?.warnings.length) response.setHeader('warning', warningHeaders(request.warnings));
    const change = changes && request && notedChange(request, result);
    if (change) changes?.note(change);
    await send(response, result, encoding);
  };
  try {
    request = DoorRequest.from(message, gone.signal);
    const result = await routes.handle(request, response);
    if (result) await say(result, acceptEncoding);
  } catch (error) {
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    // What is left of a refused body is not worth reading: the connection ends with the answer.
    if (!message.complete) response.setHeader('connection', 'close');
    await say(failureAnswer(error, `${message.method} ${message.url}`, logger), '');
  } finally {
    if (!message.complete) message.resume();
  }
}

/** A request that is no HTTP gets the plainest answer. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const line =
    error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : REFUSALS[error.code ?? ''];
  socket.end(`HTTP/1.1 ${line ?? '400 Bad Request'}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  // A client that does not read would keep its half of the connection for ever.
  setTimeout(() => socket.destroy(), REFUSED_WITHIN).unref();
}

const REFUSALS: Record<string, string> = { ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout' };

/** Where clients of this machine find the door; a wildcard address is no address to connect to. */
function urlOf(host: string, port: number): string {
  if (host === '0.0.0.0') return `https://127.0.0.1:${port}`;
  if (host === '::') return `https://[::1]:${port}`;
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function listen(http: Server, port: number, host: string): Promise<number> {
  return new Promise((done, fail) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return fail(error);
      const next = 'stop that, or choose another for the API server with --api-server-port or ARK_API_SERVER_PORT';
      fail(conflict(`port ${port} of ${host} is taken by another program: ${next} (0 takes a free one)`));
    });
    http.listen(port, host, () => {
      http.removeAllListeners('error');
      done((http.address() as AddressInfo).port);
    });
  });
}
