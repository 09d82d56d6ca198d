import type { AgentCard, Message, SendMessageRequest, StreamResponse, SubscribeToTaskRequest, Task } from '@a2a-js/sdk';
import { UnsupportedOperationError } from '@a2a-js/sdk/errors';
import {
  DefaultExecutionEventBusManager,
  DefaultRequestHandler,
  type ServerCallContext,
  type TaskStore,
} from '@a2a-js/sdk/server';
import type { InstalledEngine } from '../kit/index.js';
import type { BugReports } from '../machinery/observability/bug-reports.js';
import { QUERY_EXTENSION, QUERY_EXTENSION_REF } from '../resources/labels.js';
import { PersonNeeded } from '../runtime/approval/person-needed.js';
import { toA2aError } from './a2a-errors.js';
import { agentMessage } from './a2a-parts.js';
import { engineCallOf, withEngineCall } from './execution/engine-call.js';
import { EngineExecutor } from './execution/engine-executor.js';
import type { EngineRunner } from './execution/engine-runner.js';
import { ReplicatedTasks } from './execution/replicated-tasks.js';
import { waitingTask } from './execution/waiting-task.js';
import { refuseUnfinished } from './message-faults.js';
import type { QueryRef } from './query-extension.js';

/**
 * The A2A operations of one engine, for every transport and for calls within the process.
 *
 * A blocking send answers with a Message, since Ark's own controller takes any Task for a pause; with a Task when the
 * run has to wait for a person.
 * Everything else (streams, sends that do not wait) is a task run by the SDK's handler.
 */
export class EngineRequestHandler extends DefaultRequestHandler {
  private readonly executor: EngineExecutor;

  constructor(
    card: AgentCard,
    private readonly installed: InstalledEngine,
    private readonly runner: EngineRunner,
    private readonly tasks: TaskStore,
    private readonly bugs: BugReports,
  ) {
    const executor = new EngineExecutor(installed, runner, bugs);
    super(card, tasks, executor, new DefaultExecutionEventBusManager());
    this.executor = executor;
  }

  /** Ends the run of a task, if it runs here: somebody canceled it at another replica. */
  stop(taskId: string): Promise<void> {
    return this.executor.cancelTask(taskId);
  }

  /** A task of another replica is followed through the database. */
  override async *resubscribe(
    params: SubscribeToTaskRequest,
    context: ServerCallContext,
  ): AsyncGenerator<StreamResponse, void, undefined> {
    const elsewhere = this.tasks instanceof ReplicatedTasks && !this.executor.runs(params.id) ? this.tasks : undefined;
    let seen: Task | undefined;
    for await (const event of super.resubscribe(params, context)) {
      if (event.payload?.$case === 'task') seen = event.payload.value;
      yield event;
    }
    if (!elsewhere || !seen) return;
    for await (const payload of elsewhere.follow(seen, context, engineCallOf(context).signal)) yield { payload };
  }

  override async sendMessage(request: SendMessageRequest, context: ServerCallContext): Promise<Message | Task> {
    const ref = await this.admit(request, context);
    if (request.configuration?.returnImmediately === true) return super.sendMessage(request, context);
    try {
      const answer = await this.runner.run(this.installed, request, engineCallOf(context), ref);
      const facts = answer.facts();
      if (context.requestedExtensions?.includes(QUERY_EXTENSION)) context.addActivatedExtension(QUERY_EXTENSION);
      return agentMessage({
        text: answer.text,
        messageId: `${request.message?.messageId}-response`,
        contextId: request.message?.contextId || (facts.conversationId ?? ''),
        metadata: { [QUERY_EXTENSION_REF]: facts },
        extensions: [QUERY_EXTENSION],
      });
    } catch (error) {
      if (error instanceof PersonNeeded) return this.paused(error, request, context);
      throw toA2aError(error, this.bugs, { engine: this.installed.options.name });
    }
  }

  private refOf(request: SendMessageRequest): QueryRef {
    try {
      return this.runner.refOf(request);
    } catch (error) {
      throw toA2aError(error, this.bugs);
    }
  }

  private async paused(needed: PersonNeeded, request: SendMessageRequest, context: ServerCallContext): Promise<Task> {
    const { conversationId } = needed;
    const task = waitingTask(needed, request.message?.contextId || conversationId);
    await this.tasks.save(task, context);
    return task;
  }

  override async *sendMessageStream(
    request: SendMessageRequest,
    context: ServerCallContext,
  ): AsyncGenerator<StreamResponse, void, undefined> {
    await this.admit(request, context);
    yield* super.sendMessageStream(request, context);
  }

  /** Refuses what cannot become an execution before anything starts. */
  private async admit(request: SendMessageRequest, context: ServerCallContext): Promise<QueryRef> {
    refuseUnfinished(request.message);
    const ref = this.refOf(request);
    const { taskId, contextId } = request.message;
    if (!contextId) withEngineCall(context, { ...engineCallOf(context), newConversation: true });
    if (!taskId) return ref;
    await this.getTask({ tenant: '', id: taskId, historyLength: 0 }, context);
    throw new UnsupportedOperationError(`task '${taskId}' takes no further messages: send a message without taskId`);
  }
}
