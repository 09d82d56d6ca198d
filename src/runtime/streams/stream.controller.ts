import { Controller, Get, Headers, Param, Query as QueryValue, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { invalid, notFound } from '../../kit/index.js';
import { Needs } from '../../machinery/http/route-access.js';
import { SseReply } from './sse-reply.js';
import { STREAM_PATHS, streamNamespace } from './stream-paths.js';
import { StreamReader } from './stream-reader.js';

const LONGEST_WAIT_S = 300;

/** The words of an answer while they are being said, as Ark's broker offers them. */
@Controller(STREAM_PATHS)
export class StreamController {
  constructor(private readonly reader: StreamReader) {}

  /**
   * Server-sent events: OpenAI chunks with an id each, then `[DONE]`.
   *
   * `from-beginning=true` also sends what was said before; `Last-Event-ID` resumes; `wait-for-query=<seconds>` (1 to
   * 300) waits for a Query that does not exist yet.
   */
  @Get(':query')
  @Needs('read', 'asked')
  async stream(
    @Param('query') query: string,
    @Param('namespace') inPath: string | undefined,
    @QueryValue('namespace') given: string | undefined,
    @QueryValue('from-beginning') fromBeginning: string | undefined,
    @QueryValue('wait-for-query') wait: string | undefined,
    @Headers('last-event-id') lastEvent: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const namespace = streamNamespace(inPath, given);
    const waitMs = seconds(wait) * 1000;
    const lastEventId = whole(lastEvent);
    if (waitMs === 0 && !this.reader.exists(namespace, query)) {
      throw notFound(`query '${namespace}/${query}' does not exist; to wait for it add wait-for-query=<seconds>`);
    }
    const sse = SseReply.open(reply);
    const request = { namespace, query, fromBeginning: fromBeginning === 'true', lastEventId, waitMs };
    try {
      for await (const { id, data } of this.reader.read(request, sse.signal)) await sse.event(data, id);
      await sse.event('[DONE]');
    } finally {
      sse.end();
    }
  }
}

function seconds(text: string | undefined): number {
  if (text === undefined) return 0;
  const found = /^(\d+)s?$/.exec(text)?.[1];
  if (!found) throw invalid(`wait-for-query must be whole seconds, got "${text}"`);
  return Math.min(LONGEST_WAIT_S, Math.max(1, Number(found)));
}

/** Clients send back the id they saw last; ids of other servers are no numbers and mean: from the start. */
function whole(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  return /^\d+$/.test(text) ? Number(text) : 0;
}
