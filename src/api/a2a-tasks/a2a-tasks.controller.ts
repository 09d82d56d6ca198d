import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { readOptions, resourceType } from '../../kit/index.js';
import { callerOf } from '../../machinery/http/caller.js';
import { CallersServer } from '../../machinery/http/callers-server.js';
import { Needs } from '../../machinery/http/route-access.js';
import { A2ATask } from '../../resources/a2a-task/a2a-task.resource.js';
import { RequestNamespace } from '../request-namespace.js';
import { AnswerBody, ApprovalBody } from './reply-bodies.js';
import { TaskReplies } from './task-replies.js';
import { type TaskDetail, type TaskItem, taskDetail, taskItem } from './task-views.js';

/** What a reply was written into. */
export interface Replied {
  name: string;
  namespace: string;
  taskId: string;
}

/** Exchanges with agents over A2A, and questions to people. `?namespace=` names another namespace than the process's. */
@Controller('v1/a2a-tasks')
export class A2aTasksController {
  constructor(
    private readonly callers: CallersServer,
    private readonly replies: TaskReplies,
    private readonly namespaces: RequestNamespace,
  ) {}

  /** `{items, count}`, each item with `name, namespace, taskId, phase?, agentRef?, queryRef?, creationTimestamp`. */
  @Get()
  @Needs('read', 'asked-or-own')
  async list(@Query('namespace') given?: string): Promise<{ items: TaskItem[]; count: number }> {
    const namespace = this.namespaces.read(given);
    const { items } = await this.callers.get().list<A2ATask>(resourceType(A2ATask), { namespace });
    return { items: items.map(taskItem), count: items.length };
  }

  /** The task's spec beside its name, and its `status`. 404 when there is none. */
  @Get(':name')
  @Needs('read', 'asked-or-own')
  async read(@Param('name') name: string, @Query('namespace') given?: string): Promise<TaskDetail> {
    return taskDetail(await this.replies.get({ name, namespace: this.namespaces.read(given) }));
  }

  @Delete(':name')
  @HttpCode(204)
  @Needs('change', 'asked-or-own')
  async remove(@Param('name') name: string, @Query('namespace') given?: string): Promise<void> {
    await this.callers.get().delete(resourceType(A2ATask), { name, namespace: this.namespaces.read(given) });
  }

  /**
   * Approves or rejects the calls of tools that the task asks about: `{"decision": "approved" | "rejected"}`.
   * 409 when it asks nothing, or something else.
   */
  @Post(':name/approval')
  @HttpCode(200)
  @Needs('change', 'asked-or-own')
  async decide(
    @Param('name') name: string,
    @Body() body: unknown,
    @Req() request: object,
    @Query('namespace') given?: string,
  ): Promise<Replied & { decision: string }> {
    const { decision } = readOptions(ApprovalBody, body, 'the body');
    const task = await this.replies.decide(
      { name, namespace: this.namespaces.read(given) },
      decision,
      callerOf(request)?.name,
    );
    return { ...replied(task), decision };
  }

  /** Answers what a foreign agent asks: `{"text": "…"}`. 409 when it asks nothing, or for a decision. */
  @Post(':name/answer')
  @HttpCode(200)
  @Needs('use', 'asked-or-own')
  async answer(
    @Param('name') name: string,
    @Body() body: unknown,
    @Req() request: object,
    @Query('namespace') given?: string,
  ): Promise<Replied> {
    const { text } = readOptions(AnswerBody, body, 'the body');
    return replied(
      await this.replies.answer({ name, namespace: this.namespaces.read(given) }, text, callerOf(request)?.name),
    );
  }
}

const replied = ({ metadata: { name, namespace = '' }, spec: { taskId } }: A2ATask): Replied => ({
  name,
  namespace,
  taskId,
});
