import { Module } from '@nestjs/common';
import { A2aTasksController } from './a2a-tasks/a2a-tasks.controller.js';
import { TaskReplies } from './a2a-tasks/task-replies.js';
import { RequestNamespace } from './request-namespace.js';

/** The REST API for people and their programs. Expects as global providers: `ApiServer` and `Settings`. */
@Module({ controllers: [A2aTasksController], providers: [RequestNamespace, TaskReplies] })
export class ApiModule {}
