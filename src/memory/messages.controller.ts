import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Res,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { notFound } from '../kit/index.js';
import { Needs } from '../machinery/http/route-access.js';
import { Messages } from '../storage/messages.js';
import { BrokerErrorFilter } from './broker-error.filter.js';
import { MEMORY_PATHS } from './memory-paths.js';
import { itemOf } from './message-item.js';
import { MessageWatch } from './message-watch.js';
import { one, type QueryString, readId, readNamespace, readNewMessages, readPaging } from './read-request.js';

const removed = (what: string) => ({ status: 'success', message: `${what} deleted` });

import { RequestIdInterceptor } from './request-id.interceptor.js';

/** Messages of conversations, as Ark's broker and its memory services offer them. */
@Controller(MEMORY_PATHS)
@UseFilters(BrokerErrorFilter)
@UseInterceptors(RequestIdInterceptor)
export class MessagesController {
  constructor(
    private readonly messages: Messages,
    private readonly watch: MessageWatch,
  ) {}

  @Post('messages')
  @HttpCode(200)
  @Needs('use', 'asked')
  async append(@Param('namespace') path: string | undefined, @Query() query: QueryString, @Body() body: unknown) {
    await this.messages.append(readNewMessages(readNamespace(path, query), body));
  }

  /** A page; with `watch=true` server-sent events, which a `cursor` lets begin in the past. */
  @Get('messages')
  @Needs('read', 'asked')
  async list(@Param('namespace') path: string | undefined, @Query() query: QueryString, @Res() reply: FastifyReply) {
    const filter = {
      namespace: readNamespace(path, query),
      conversationId: one(query, 'conversation_id', 'session_id'),
      query: one(query, 'query_id'),
    };
    const page = readPaging(query);
    if (query.watch === 'true') return this.watch.follow(filter, page, reply);
    const rows = await this.messages.page(filter, page.after, page.limit + 1);
    const items = rows.slice(0, page.limit).map(itemOf);
    const hasMore = rows.length > page.limit;
    const total = page.resumes || hasMore ? {} : { total: items.length };
    const next = hasMore ? { nextCursor: items.at(-1)?.sequence } : {};
    // Clients of 2025 read `messages`.
    const old = query.session_id === undefined ? {} : { messages: items };
    await reply.send({ items, ...total, hasMore, ...next, ...old });
  }

  @Delete('messages')
  @Needs('change', 'asked')
  async removeAll(@Param('namespace') path: string | undefined, @Query() query: QueryString) {
    const namespace = readNamespace(path, query);
    await this.messages.remove({ namespace });
    return removed(`all messages of namespace ${namespace}`);
  }

  @Delete('queries/:query/messages')
  @Needs('change', 'asked')
  async removeOfQuery(
    @Param('namespace') path: string | undefined,
    @Param('query') id: string,
    @Query() query: QueryString,
  ) {
    await this.messages.remove({ namespace: readNamespace(path, query), query: readId(id, 'query') });
    return removed(`messages of query ${id}`);
  }

  @Delete('conversations/:conversation/queries/:query/messages')
  @Needs('change', 'asked')
  async removeOfTurn(
    @Param('namespace') path: string | undefined,
    @Param('conversation') conversation: string,
    @Param('query') id: string,
    @Query() query: QueryString,
  ) {
    const namespace = readNamespace(path, query);
    const conversationId = readId(conversation, 'conversation');
    await this.messages.remove({ namespace, conversationId, query: readId(id, 'query') });
    return removed(`messages of query ${id} in conversation ${conversation}`);
  }

  @Get('conversations/:conversation')
  @Needs('read', 'asked')
  async conversation(
    @Param('namespace') path: string | undefined,
    @Param('conversation') id: string,
    @Query() query: QueryString,
  ) {
    const namespace = readNamespace(path, query);
    const rows = await this.messages.page({ namespace, conversationId: readId(id, 'conversation') }, 0, 10_000);
    if (rows.length === 0) throw notFound(`conversation '${id}' holds no messages in namespace ${namespace}`);
    return { conversation_id: id, messages: rows.map(itemOf) };
  }
}
