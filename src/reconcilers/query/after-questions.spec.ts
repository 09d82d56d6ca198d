import { describe, expect, it } from '@jest/globals';
import type { A2ATask, TaskPhase } from '../../resources/a2a-task/a2a-task.resource.js';
import type { Query } from '../../resources/query/query.resource.js';
import { afterQuestions, awaitedTasks } from './after-questions.js';

const query = (tasks: string[], denials?: string) =>
  ({
    metadata: {
      ...{ name: 'q', namespace: 'n' },
      ...(denials ? { annotations: { 'ark.mckinsey.com/approval-cascade-count': denials } } : {}),
    },
    status: {
      phase: 'input-required',
      responses: [{ phase: 'done' }, ...tasks.map((taskId) => ({ phase: 'input-required', a2a: { taskId } }))],
    },
  }) as unknown as Query;

const task = (phase: TaskPhase, reason = '', more: object = {}, spec: object = {}) =>
  ({
    metadata: { name: 't' },
    spec: { queryRef: { name: 'q' }, ...spec },
    status: { phase, protocolMetadata: { toolCalls: '[]' }, conditions: [{ type: 'Completed', reason }], ...more },
  }) as unknown as A2ATask;

const granted = task('completed', 'ApprovalGranted');
const refused = task('failed', 'ApprovalRejected');

/** What follows for a Query whose tasks are these, in order. */
const following = (tasks: (A2ATask | undefined)[], denials?: string) => {
  const names = tasks.map((_, i) => String(i));
  return afterQuestions(query(names, denials), ({ name }) => tasks[Number(name.replace('a2a-task-', ''))]);
};

describe('a Query that waits for people', () => {
  it('knows whom it waits for, under the plain name or one of its own', () => {
    expect(awaitedTasks(query(['A', '7'])).map(({ name }) => name)).toEqual([
      expect.stringMatching(/^a2a-task-a-[0-9a-f]{10}$/),
      expect.stringMatching(/^a2a-task-a-[0-9a-f]{10}-[0-9a-f]{8}$/),
      'a2a-task-7',
      expect.stringMatching(/^a2a-task-7-[0-9a-f]{8}$/),
    ]);
  });

  it('goes on when the task of an A2A server is answered, here or elsewhere, and heeds no task of another Query', () => {
    const hosted = (phase: TaskPhase, spec: object = {}) =>
      task(phase, '', {}, { a2aServerRef: { name: 's' }, ...spec });
    expect(following([hosted('input-required')])).toEqual({ step: 'wait' });
    expect(following([hosted('auth-required')])).toEqual({ step: 'wait' });
    expect(following([hosted('input-required', { input: 'Rome' })])).toEqual({ step: 'resume', denials: 0 });
    expect(following([hosted('completed')])).toEqual({ step: 'resume', denials: 0 });
    expect(following([hosted('completed', { queryRef: { name: 'other' } })])).toEqual({ step: 'wait' });
  });

  it('waits until everything is decided', () => {
    expect(following([undefined])).toEqual({ step: 'wait' });
    expect(following([granted, task('input-required')])).toEqual({ step: 'wait' });
    const foreign = task('completed', '', { protocolMetadata: {} });
    expect(following([foreign])).toEqual({ step: 'wait' });
  });

  it('goes on after approvals, and after denials as long as they are few', () => {
    expect(following([granted], '2')).toEqual({ step: 'resume', denials: 0 });
    expect(following([granted, refused])).toEqual({ step: 'resume', denials: 1 });
    expect(following([task('failed', 'ApprovalTimeoutRejected')], '2')).toEqual({ step: 'resume', denials: 3 });
    expect(following([refused], 'many')).toEqual({ step: 'resume', denials: 1 });
    expect(following([refused], '-4')).toEqual({ step: 'resume', denials: 1 });
  });

  it('ends after the third denial in a row, and when a question was closed', () => {
    expect(following([refused], '3')).toMatchObject({
      step: 'give-up',
      error: { message: expect.stringContaining('cascade limit (3)') },
    });
    expect(following([task('cancelled')])).toMatchObject({
      step: 'give-up',
      error: { message: "A2ATask 't' was closed without a decision" },
    });
    expect(following([task('failed', 'TaskFailed', { error: 'lost' })])).toMatchObject({ error: { message: 'lost' } });
  });
});
