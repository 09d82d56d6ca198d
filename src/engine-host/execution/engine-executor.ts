import { TaskState } from '@a2a-js/sdk';
import { AgentEvent, type AgentExecutor, type ExecutionEventBus, type RequestContext } from '@a2a-js/sdk/server';
import { ArkError, addUsage, canceled, type InstalledEngine, type TokenUsage } from '../../kit/index.js';
import type { BugReports } from '../../machinery/observability/bug-reports.js';
import { QUERY_EXTENSION, QUERY_EXTENSION_REF } from '../../resources/labels.js';
import { PersonNeeded } from '../../runtime/approval/person-needed.js';
import { Pieces } from '../../runtime/streams/pieces.js';
import { toA2aError } from '../a2a-errors.js';
import { agentMessage, answerArtifact, taskStatus, workingTask } from '../a2a-parts.js';
import { type AnswerFacts, wireUsage } from '../query-extension.js';
import type { RunAnswer } from './engine-answer.js';
import { type EngineCall, engineCallOf } from './engine-call.js';
import type { EngineRunner } from './engine-runner.js';
import { waitingMetadata } from './waiting-task.js';

/** Runs an engine as an A2A task: the answer becomes artifact updates, the end a status. */
export class EngineExecutor implements AgentExecutor {
  private readonly running = new Map<string, AbortController>();

  constructor(
    private readonly installed: InstalledEngine,
    private readonly runner: EngineRunner,
    private readonly bugs: BugReports,
  ) {}

  execute = async (context: RequestContext, bus: ExecutionEventBus): Promise<void> => {
    const { taskId } = context;
    const abort = new AbortController();
    this.running.set(taskId, abort);
    const task = new TaskVoice(context, bus);
    try {
      task.begin();
      const call = engineCallOf(context.context);
      const signal = AbortSignal.any([call.signal, abort.signal]);
      const onText: EngineCall['onText'] = (piece, speaker) => {
        call.onText?.(piece, speaker);
        task.say(piece);
      };
      const onUsage: EngineCall['onUsage'] = (usage) => {
        call.onUsage?.(usage);
        task.spend(usage);
      };
      const answer = await this.runner.run(this.installed, context.request, {
        ...call,
        taskId,
        signal,
        onText,
        onUsage,
      });
      task.complete(answer);
    } catch (error) {
      if (error instanceof PersonNeeded) task.ask(error);
      else if (error instanceof ArkError && error.family === 'Canceled')
        task.giveUp(TaskState.TASK_STATE_CANCELED, error.message);
      else task.giveUp(TaskState.TASK_STATE_FAILED, toA2aError(error, this.bugs, { task: taskId }).message);
    } finally {
      this.running.delete(taskId);
    }
  };

  runs(taskId: string): boolean {
    return this.running.has(taskId);
  }

  cancelTask = async (taskId: string): Promise<void> => {
    this.running.get(taskId)?.abort(canceled('the task was canceled'));
  };
}

/** Speaks on one task's bus. */
class TaskVoice {
  private readonly pieces = new Pieces((text) => this.artifact(text, false));
  private spoken = false;
  private said = '';
  private spent?: TokenUsage;

  constructor(
    private readonly context: RequestContext,
    private readonly bus: ExecutionEventBus,
  ) {}

  begin(): void {
    const { taskId, contextId, userMessage, context } = this.context;
    if (context.requestedExtensions?.includes(QUERY_EXTENSION)) context.addActivatedExtension(QUERY_EXTENSION);
    this.bus.publish(AgentEvent.task(workingTask(taskId, contextId, [userMessage])));
  }

  say(piece: string): void {
    this.said += piece;
    this.pieces.add(piece);
  }

  spend(usage: TokenUsage): void {
    this.spent = addUsage(this.spent, usage);
  }

  complete(answer: RunAnswer): void {
    this.pieces.flush();
    // What was said between calls of tools was heard, but is no part of the answer.
    if (this.said === answer.text) this.artifact('', true);
    else this.artifact(answer.text, true, false);
    this.end(TaskState.TASK_STATE_COMPLETED, undefined, { [QUERY_EXTENSION_REF]: answer.facts() });
  }

  ask(needed: PersonNeeded): void {
    const metadata = waitingMetadata(needed, this.context.contextId);
    this.end(TaskState.TASK_STATE_INPUT_REQUIRED, needed.text, metadata);
  }

  /** Ends without an answer; what was spent until then is told. */
  giveUp(state: TaskState, said: string): void {
    const facts: AnswerFacts = { ...wireUsage(this.spent), messages: [] };
    this.end(state, said, this.spent && { [QUERY_EXTENSION_REF]: facts });
  }

  private end(state: TaskState, said?: string, metadata?: Record<string, unknown>): void {
    this.pieces.flush();
    const { taskId, contextId } = this.context;
    const message = said === undefined ? undefined : agentMessage({ text: said, contextId, taskId });
    this.bus.publish(AgentEvent.statusUpdate({ taskId, contextId, status: taskStatus(state, message), metadata }));
  }

  private artifact(text: string, lastChunk: boolean, append = this.spoken): void {
    const { taskId, contextId } = this.context;
    const artifact = { ...answerArtifact(text), ...(text === '' && this.spoken ? { parts: [] } : {}) };
    this.bus.publish(
      AgentEvent.artifactUpdate({ taskId, contextId, artifact, append, lastChunk, metadata: undefined }),
    );
    this.spoken = true;
  }
}
