import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { StatusError } from '../../../api-server/status.js';
import type { EmbeddedApiServer } from '../../embedded-api-server.js';
import type { StoredEvent } from '../../watch/stored-event.js';
import { contentTypeOf, type Representation } from '../http/accept.js';
import type { DoorRequest } from '../http/door-request.js';
import { includeOf } from '../resources/object-answer.js';
import type { ResourceTarget } from '../resources/resource-target.js';
import { type IncludeObject, partialObject, type Tables } from '../table/tables.js';
import { EventFrames, frameOf } from './event-frames.js';
import { watchOptions } from './watch-options.js';

/** A reader that takes nothing for so long is dropped; it resumes from the last version it saw. */
const STALLED_AFTER_MS = 30_000;
/** More than this is never queued for one reader. */
const MAX_QUEUED_BYTES = 16 * 1024 * 1024;

type ToFrame = (event: StoredEvent) => Buffer;

/** GET with `watch=true`: one JSON line per event until the client, the time or the server ends it. */
export class WatchVerb {
  private readonly frames = new EventFrames();

  constructor(
    private readonly server: EmbeddedApiServer,
    private readonly tables: Tables,
  ) {}

  async watch(target: ResourceTarget, request: DoorRequest, response: ServerResponse): Promise<void> {
    const form = request.representation;
    if (form.format !== 'json') {
      throw new StatusError('NotAcceptable', 'only the following media types are accepted: application/json');
    }
    const toFrame = this.framing(target, form, includeOf(request));
    const options = { ...watchOptions(request.query, target.namespace), signal: request.signal };
    const present = this.server.version;
    let events: AsyncIterable<StoredEvent> | undefined;
    let expired: StatusError | undefined;
    try {
      events = this.server.watchStored(target.served.type, options);
    } catch (error) {
      if (!StatusError.is(error, 'Expired')) throw error;
      expired = error;
    }
    response.writeHead(200, { 'content-type': contentTypeOf(form), 'cache-control': 'no-cache, private' });
    response.flushHeaders();
    // A version that is no longer known is told inside the stream: that is where clients look for it.
    if (expired) response.write(frameOf('ERROR', expired.toStatus()));
    if (events) await pump(events, toFrame, response, present);
    response.end();
  }

  private framing(target: ResourceTarget, form: Representation, include: IncludeObject): ToFrame {
    if (form.as === 'object') return (event) => this.frames.of(event);
    const apiVersion = `meta.k8s.io/${form.version}`;
    if (form.as === 'PartialObjectMetadata') {
      return (event) => frameOf(event.type, partialObject(event.stored.object, apiVersion));
    }
    let headers = true;
    return ({ type, stored }) => {
      const metadata = { resourceVersion: stored.object.metadata.resourceVersion };
      const options = { version: form.version, include, headers, metadata };
      headers = false;
      return frameOf(type, this.tables.of(target.served, [stored.object], options));
    };
  }
}

/** `present` is the version the watch began at. */
async function pump(
  events: AsyncIterable<StoredEvent>,
  toFrame: ToFrame,
  response: ServerResponse,
  present: number,
): Promise<void> {
  for await (const event of events) {
    if (response.destroyed) return;
    if (response.write(toFrame(event))) continue;
    // What was there at the start goes at the pace of the reader: it is in memory anyway. Changes do not wait, or a
    // reader that stalls would keep every version that follows.
    if (event.stored.version <= present) await drained(response);
    else if (response.writableLength > MAX_QUEUED_BYTES) response.destroy();
    else await setImmediate();
  }
}

/** Waits until the reader took what is queued; drops it when it stalls. */
async function drained(response: ServerResponse): Promise<void> {
  const limit = AbortSignal.timeout(STALLED_AFTER_MS);
  const gone = new AbortController();
  const leave = () => gone.abort();
  response.once('close', leave);
  try {
    await once(response, 'drain', { signal: AbortSignal.any([limit, gone.signal]) });
  } catch {
    response.destroy();
  } finally {
    response.off('close', leave);
  }
}
