import { type Artifact, type Message, type Part, Role, type Task, TaskState } from '@a2a-js/sdk';
import { describe, expect, it } from '@jest/globals';
import { agentMessage, textPart } from '../../engine-host/a2a-parts.js';
import type { A2ATaskStatus } from '../../resources/a2a-task/a2a-task.resource.js';
import { statusOfMessage, statusOfTask } from './task-status.js';

const NOW = new Date('2026-01-01T00:00:00Z');
const asked: Message = {
  ...agentMessage({ text: 'Where?', messageId: 'asked', contextId: 'c' }),
  role: Role.ROLE_USER,
};
const said = (text: string, messageId = text) => agentMessage({ text, messageId, contextId: 'c' });
const part = (content: Part['content'], mediaType = ''): Part => ({ ...textPart(''), content, mediaType });
const artifact = (...parts: Part[]): Artifact => ({
  artifactId: 'a',
  name: '',
  description: '',
  parts,
  metadata: undefined,
  extensions: [],
});
const task = (state: TaskState, more: Partial<Task> = {}): Task => ({
  id: 't',
  contextId: 'c',
  status: { state, message: said('Rome'), timestamp: '2026-01-01T00:00:00.000Z' },
  artifacts: [],
  history: [],
  metadata: undefined,
  ...more,
});

describe('what an A2ATask says', () => {
  it.each<[TaskState, string, string, string]>([
    [TaskState.TASK_STATE_SUBMITTED, 'assigned', 'submitted', 'TaskPending'],
    [TaskState.TASK_STATE_WORKING, 'running', 'working', 'TaskRunning'],
    [TaskState.TASK_STATE_INPUT_REQUIRED, 'input-required', 'input-required', 'TaskInputRequired'],
    [TaskState.TASK_STATE_AUTH_REQUIRED, 'auth-required', 'auth-required', 'TaskAuthRequired'],
    [TaskState.TASK_STATE_COMPLETED, 'completed', 'completed', 'TaskSucceeded'],
    [TaskState.TASK_STATE_FAILED, 'failed', 'failed', 'TaskFailed'],
    [TaskState.TASK_STATE_REJECTED, 'failed', 'rejected', 'TaskFailed'],
    [TaskState.TASK_STATE_CANCELED, 'cancelled', 'canceled', 'TaskCancelled'],
    [TaskState.UNRECOGNIZED, 'unknown', 'unknown', 'TaskUnknown'],
  ])('about a task in state %s is its phase, condition and words', (state, phase, protocolState, reason) => {
    const status = statusOfTask(task(state), asked, {}, NOW);
    expect(status).toMatchObject({ phase, protocolState, conditions: [{ type: 'Completed', reason }] });
    expect(status.history).toMatchObject([
      { role: 'user', parts: [{ kind: 'text', text: 'Where?' }] },
      { role: 'agent', parts: [{ kind: 'text', text: 'Rome' }] },
    ]);
    expect(status.completionTime !== undefined).toBe(['completed', 'failed', 'cancelled'].includes(phase));
  });

  it('about an exchange of messages is that it is over', () => {
    const status = statusOfMessage(said('Rome'), asked, {}, NOW);
    expect(status).toMatchObject({
      phase: 'completed',
      contextId: 'c',
      history: [{ role: 'user' }, { role: 'agent' }],
    });
  });

  it('keeps data as JSON, files as base64 or by their address, and says what was too large', () => {
    const parts = [
      part({ $case: 'data', value: { km: 7 } }),
      part({ $case: 'url', value: 'http://files/map.png' }, 'image/png'),
      part({ $case: 'raw', value: Buffer.from('hi') }, 'text/csv'),
      part({ $case: 'raw', value: Buffer.alloc(1 << 20) }, 'video/mp4'),
    ];
    const { artifacts } = statusOfTask(
      task(TaskState.TASK_STATE_COMPLETED, { artifacts: [artifact(...parts)] }),
      asked,
      {},
      NOW,
    );
    expect(artifacts?.[0]?.parts).toEqual([
      { kind: 'data', data: '{"km":7}' },
      { kind: 'file', uri: 'http://files/map.png', mimeType: 'image/png' },
      { kind: 'file', data: 'aGk=', mimeType: 'text/csv' },
      { kind: 'file', mimeType: 'video/mp4', metadata: { omitted: '1048576 bytes are too many to be kept' } },
    ]);
  });

  it('never grows beyond what an object may hold, and keeps the question and the end', () => {
    const history = Array.from({ length: 300 }, (_, i) => said('x'.repeat(50_000), `m-${i}`));
    const status = statusOfTask(task(TaskState.TASK_STATE_WORKING, { history }), asked, {}, NOW);
    expect(JSON.stringify(status).length).toBeLessThan(700_000);
    expect(status.history?.[0]).toMatchObject({ messageId: 'asked' });
    expect(status.history?.at(-1)).toMatchObject({ messageId: 'Rome' });
  });

  it('is the same however often the same task is looked at, also where its messages have no ids', () => {
    const history = [said('thinking', ''), said('', '')];
    const look = (before: A2ATaskStatus) =>
      statusOfTask(task(TaskState.TASK_STATE_WORKING, { history }), undefined, before, NOW);
    const first = look({});
    expect(look(look(first))).toEqual(first);
    expect(first.history?.map(({ parts }) => parts[0]?.text)).toEqual(['thinking', '', 'Rome']);
  });

  it('is the latest version of an artifact', () => {
    const look = (text: string, before: A2ATaskStatus) =>
      statusOfTask(
        task(TaskState.TASK_STATE_WORKING, { artifacts: [artifact(textPart(text))] }),
        undefined,
        before,
        NOW,
      );
    expect(look('all of it', look('a draft', {})).artifacts).toMatchObject([{ parts: [{ text: 'all of it' }] }]);
  });

  it('loses nothing that was heard when a later look at the task shows less', () => {
    const before = statusOfTask(task(TaskState.TASK_STATE_WORKING, { history: [said('on my way')] }), asked, {}, NOW);
    const after = statusOfTask(task(TaskState.TASK_STATE_COMPLETED), undefined, before, NOW);
    expect(after.history?.map(({ messageId }) => messageId)).toEqual(['asked', 'on my way', 'Rome']);
  });
});
