import { Module } from '@nestjs/common';
import { EvaluationModule } from '../runtime/evaluation/evaluation.module.js';
import { A2aTasksController } from './a2a-tasks/a2a-tasks.controller.js';
import { TaskNoticesController } from './a2a-tasks/task-notices.controller.js';
import { TaskNotices } from './a2a-tasks/task-notices.js';
import { TaskReplies } from './a2a-tasks/task-replies.js';
import { EvaluateController } from './evaluate/evaluate.controller.js';
import { RequestNamespace } from './request-namespace.js';

/** The REST API for people and their programs. Expects as global providers: `ApiServer` and `Settings`. */
@Module({
  imports: [EvaluationModule],
  controllers: [A2aTasksController, EvaluateController, TaskNoticesController],
  providers: [RequestNamespace, TaskNotices, TaskReplies],
})
export class ApiModule {}
