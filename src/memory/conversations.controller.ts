import { randomUUID } from 'node:crypto';
import { Controller, Delete, Get, HttpCode, Param, Post, Query, UseFilters, UseInterceptors } from '@nestjs/common';
import { Needs } from '../machinery/http/route-access.js';
import { Messages } from '../storage/messages.js';
import { BrokerErrorFilter } from './broker-error.filter.js';
import { MEMORY_PATHS } from './memory-paths.js';
import { type QueryString, readId, readNamespace } from './read-request.js';

import { RequestIdInterceptor } from './request-id.interceptor.js';

/** Which conversations there are, as Ark's broker and its memory services tell it. */
@Controller(MEMORY_PATHS)
@UseFilters(BrokerErrorFilter)
@UseInterceptors(RequestIdInterceptor)
export class ConversationsController {
  constructor(private readonly messages: Messages) {}

  /** A fresh id. Nothing is kept until somebody says something. */
  @Post('conversations')
  @HttpCode(201)
  @Needs('use', 'asked')
  create() {
    return { conversation_id: randomUUID() };
  }

  @Get('conversations')
  @Needs('read', 'asked')
  async list(@Param('namespace') path: string | undefined, @Query() query: QueryString) {
    const conversations = await this.messages.conversations(readNamespace(path, query));
    return { conversations: conversations.map(({ id }) => id) };
  }

  @Delete('conversations')
  @Needs('change', 'asked')
  async removeAll(@Param('namespace') path: string | undefined, @Query() query: QueryString) {
    const namespace = readNamespace(path, query);
    await this.messages.remove({ namespace });
    return { status: 'success', message: `all conversations of namespace ${namespace} deleted` };
  }

  @Delete('conversations/:conversation')
  @Needs('change', 'asked')
  async remove(
    @Param('namespace') path: string | undefined,
    @Param('conversation') id: string,
    @Query() query: QueryString,
  ) {
    await this.messages.remove({ namespace: readNamespace(path, query), conversationId: readId(id, 'conversation') });
    return { status: 'success', message: `conversation ${id} deleted` };
  }

  /** Counts, under today's names and those of 2025. */
  @Get('memory-status')
  @Needs('read', 'asked')
  async status(@Param('namespace') path: string | undefined, @Query() query: QueryString) {
    const found = await this.messages.conversations(readNamespace(path, query));
    const conversations = Object.fromEntries(
      found.map(({ id, messages, queries }) => [id, { message_count: messages, query_count: queries }]),
    );
    return {
      total_conversations: found.length,
      total_messages: found.reduce((sum, { messages }) => sum + messages, 0),
      conversations,
      total_sessions: found.length,
      sessions: conversations,
    };
  }
}
