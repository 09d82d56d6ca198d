import { Module } from '@nestjs/common';
import { RuntimeModule } from '../runtime/runtime.module.js';
import { ConversationsController } from './conversations.controller.js';
import { MessageWatch } from './message-watch.js';
import { MessagesController } from './messages.controller.js';

/** The memory API of this service: what a Memory object's address may name. */
@Module({
  imports: [RuntimeModule],
  controllers: [MessagesController, ConversationsController],
  providers: [MessageWatch],
})
export class MemoryModule {}
