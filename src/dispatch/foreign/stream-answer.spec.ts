import { type StreamResponse, type Task, TaskState } from '@a2a-js/sdk';
import { describe, expect, it } from '@jest/globals';
import { agentMessage, answerArtifact, taskStatus, workingTask } from '../../engine-host/a2a-parts.js';
import { outcomeOf } from '../answers.js';
import { StreamAnswer } from './stream-answer.js';

const ids = { taskId: 't', contextId: 'c', metadata: undefined };
const begun: StreamResponse = { payload: { $case: 'task', value: workingTask('t', 'c', []) } };
const piece = (text: string, append: boolean): StreamResponse => ({
  payload: { $case: 'artifactUpdate', value: { ...ids, artifact: answerArtifact(text), append, lastChunk: false } },
});
const status = (state: TaskState, metadata?: Record<string, unknown>): StreamResponse => ({
  payload: { $case: 'statusUpdate', value: { ...ids, status: taskStatus(state), metadata } },
});

function listen(...events: StreamResponse[]) {
  const heard: string[] = [];
  const answer = new StreamAnswer((text) => heard.push(text));
  for (const event of events) answer.add(event);
  return { heard, answer };
}

describe('the events of a stream', () => {
  it('add up to the answer, told piece by piece', () => {
    const { heard, answer } = listen(
      begun,
      piece('Hel', false),
      piece('lo', true),
      status(TaskState.TASK_STATE_COMPLETED, { fact: 1 }),
    );
    expect(heard).toEqual(['Hel', 'lo']);
    const task = answer.answer() as Task;
    expect(outcomeOf({ type: 'agent', name: 'a' }, task).content).toBe('Hello');
    expect(task.metadata).toEqual({ fact: 1 });
  });

  it('replace an artifact that comes again without append', () => {
    const { answer } = listen(
      begun,
      piece('draft', false),
      piece('final', false),
      status(TaskState.TASK_STATE_COMPLETED),
    );
    expect(outcomeOf({ type: 'agent', name: 'a' }, answer.answer()!).content).toBe('final');
  });

  it('may be a bare message', () => {
    const value = agentMessage({ text: 'short', contextId: 'c' });
    const { heard, answer } = listen({ payload: { $case: 'message', value } });
    expect(heard).toEqual(['short']);
    expect(answer.answer()).toMatchObject({ contextId: 'c' });
  });

  it('are no answer while the task still works, but name the task to follow', () => {
    const { answer } = listen(begun, piece('Hel', false));
    expect(answer.answer()).toBeUndefined();
    expect(answer.task?.id).toBe('t');
  });
});
