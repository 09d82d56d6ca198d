import type { StreamResponse, TaskArtifactUpdateEvent } from '@a2a-js/sdk';
import { Injectable } from '@nestjs/common';
import type { Query } from '../../resources/query/query.resource.js';
import { StreamReader } from '../../runtime/streams/stream-reader.js';
import { QueryChanges } from './query-changes.js';
import { answerArtifact, contextOf, isSettled, phaseOf, saidIn, statusOf, taskOf } from './query-task.js';
import { spokenText } from './spoken-text.js';

/** A Query that is to come is in the stream's sight at once: it exists. */
const WAIT_MS = 5_000;

/** What happens to a task, from now to its end: the task as it is, the answer piece by piece, the last status. */
@Injectable()
export class TaskEvents {
  constructor(
    private readonly streams: StreamReader,
    private readonly changes: QueryChanges,
  ) {}

  async *of(query: Query, signal: AbortSignal): AsyncGenerator<StreamResponse, void, undefined> {
    const { name, namespace = '' } = query.metadata;
    yield { payload: { $case: 'task', value: taskOf(query) } };
    if (isSettled(query)) return;
    const request = { namespace, query: name, fromBeginning: true, waitMs: WAIT_MS };
    let said = '';
    for await (const { data } of this.streams.read(request, signal)) {
      const text = spokenText(data);
      if (!text) continue;
      yield piece(query, text, said !== '', false);
      said += text;
    }
    const end = await this.changes.until({ namespace, name }, isSettled, signal);
    if (!end) return;
    // What was said between calls of tools was heard, but is no part of the answer.
    if (phaseOf(end) === 'done') {
      const whole = said === saidIn(end) && said !== '';
      yield piece(end, whole ? undefined : saidIn(end), whole, true);
    }
    const taskId = name;
    const contextId = contextOf(end);
    const status = statusOf(end);
    yield { payload: { $case: 'statusUpdate', value: { taskId, contextId, status, metadata: undefined } } };
  }
}

function piece(query: Query, text: string | undefined, append: boolean, lastChunk: boolean): StreamResponse {
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
