import type { StreamResponse, TaskArtifactUpdateEvent } from '@a2a-js/sdk';
import { Injectable } from '@nestjs/common';
import { answerArtifact } from '../../engine-host/a2a-parts.js';
import type { Query } from '../../resources/query/query.resource.js';
import { GatewayTasks } from './gateway-tasks.js';
import { contextOf, isSettled, phaseOf, saidIn, statusOf, taskOf } from './query-task.js';
import { spokenText } from './spoken-text.js';

/** What happens to a task, from now to its end: the task as it is, the answer piece by piece, the last status. */
@Injectable()
export class TaskEvents {
  constructor(private readonly tasks: GatewayTasks) {}

  async *of(query: Query, signal: AbortSignal): AsyncGenerator<StreamResponse, void, undefined> {
    yield { payload: { $case: 'task', value: taskOf(query) } };
    if (isSettled(query)) return;
    let said = '';
    for await (const { data } of this.tasks.stream(query, signal)) {
      const text = spokenText(data);
      if (!text) continue;
      yield piece(query, text, said !== '', false);
      said += text;
    }
    const settled = await this.tasks.settled(query, signal);
    if (!settled) return;
    const end = await this.tasks.whole(settled);
    // What was said between calls of tools was heard, but is no part of the answer.
    if (phaseOf(end) === 'done') {
      const whole = said === saidIn(end) && said !== '';
      yield piece(end, whole ? '' : saidIn(end), whole, true);
    }
    const taskId = query.metadata.name;
    const contextId = contextOf(end);
    const status = statusOf(end);
    yield { payload: { $case: 'statusUpdate', value: { taskId, contextId, status, metadata: undefined } } };
  }
}

function piece(query: Query, text: string, append: boolean, lastChunk: boolean): StreamResponse {
  const value: TaskArtifactUpdateEvent = {
    taskId: query.metadata.name,
    contextId: contextOf(query),
    artifact: answerArtifact(text),
    append,
    lastChunk,
    metadata: undefined,
  };
  return { payload: { $case: 'artifactUpdate', value } };
}
