import { type Artifact, type Part, type Task, TaskState } from '@a2a-js/sdk';
import { describe, expect, it } from '@jest/globals';
import { agentMessage, answerArtifact, taskStatus, textPart } from '../engine-host/a2a-parts.js';
import { QUERY_EXTENSION_REF } from '../resources/labels.js';
import { failedOutcome, outcomeOf } from './answers.js';

const TARGET = { type: 'agent' as const, name: 'a' };
const say = (text: string, metadata?: Record<string, unknown>, contextId = '') =>
  agentMessage({ text, contextId, metadata: metadata && { [QUERY_EXTENSION_REF]: metadata } });
const task = (state: TaskState, said?: string, artifacts: Artifact[] = []): Task => ({
  id: 't-1',
  contextId: 'c-1',
  status: taskStatus(state, said === undefined ? undefined : say(said)),
  artifacts,
  history: [],
  metadata: undefined,
});
const part = (content: Part['content'], filename = ''): Part => ({ ...textPart(''), content, filename });

describe('a message as an answer', () => {
  it('is the text, with the facts of the run', () => {
    const facts = {
      tokenUsage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7, cached_tokens: 2 },
      conversationId: 'thread',
      messages: [{ role: 'assistant', content: 'Hi', name: 'bot' }],
    };
    expect(outcomeOf(TARGET, say('Hi', facts, 'ctx'))).toEqual({
      target: TARGET,
      content: 'Hi',
      raw: JSON.stringify(facts.messages),
      phase: 'done',
      a2a: { contextId: 'ctx' },
      tokenUsage: { promptTokens: 3, completionTokens: 4, totalTokens: 7, cachedTokens: 2 },
      conversationId: 'thread',
    });
  });

  it('needs no facts at all', () => {
    expect(outcomeOf(TARGET, say('Hi'))).toEqual({
      target: TARGET,
      content: 'Hi',
      raw: '[{"role":"assistant","content":"Hi"}]',
      phase: 'done',
    });
  });

  it.each([
    ['a text', 'nonsense'],
    ['wrong types', { tokenUsage: { total_tokens: 'many' }, conversationId: 7, messages: 'none' }],
  ])('survives facts that are %s', (_, facts) => {
    const outcome = outcomeOf(TARGET, say('Hi', facts as never));
    expect(outcome).toMatchObject({ content: 'Hi', phase: 'done' });
    expect(outcome.tokenUsage).toBeUndefined();
  });

  it('shows every kind of part', () => {
    const parts = [
      textPart('See '),
      part({ $case: 'url', value: 'https://example.com/report.pdf' }),
      part({ $case: 'data', value: { n: 1 } }),
      part({ $case: 'raw', value: Buffer.from('abc') }, 'a.txt'),
    ];
    expect(outcomeOf(TARGET, { ...say(''), parts }).content).toBe(
      'See https://example.com/report.pdf{"n":1}[a.txt, 3 bytes]',
    );
  });
});

describe('a task as an answer', () => {
  it.each([
    [TaskState.TASK_STATE_COMPLETED, 'done', 'said'],
    [TaskState.TASK_STATE_FAILED, 'error', 'said'],
    [TaskState.TASK_STATE_REJECTED, 'error', 'said'],
    [TaskState.TASK_STATE_CANCELED, 'canceled', 'said'],
    [TaskState.TASK_STATE_INPUT_REQUIRED, 'input-required', 'said'],
  ])('in state %s is %s', (state, phase, content) => {
    const a2a = { contextId: 'c-1', taskId: 't-1' };
    expect(outcomeOf(TARGET, task(state, 'said'))).toMatchObject({ phase, content, a2a });
  });

  it('says all its artifacts, the latest of each id, before any status text', () => {
    const second = { ...answerArtifact('two'), artifactId: 'b' };
    const artifacts = [answerArtifact('draft'), second, answerArtifact('one')];
    const outcome = outcomeOf(TARGET, task(TaskState.TASK_STATE_COMPLETED, 'finished', artifacts));
    expect(outcome.content).toBe('one\n\ntwo');
    expect(JSON.parse(outcome.raw)).toEqual([
      { role: 'assistant', content: 'one' },
      { role: 'assistant', content: 'two' },
    ]);
  });

  it('falls back to what the agent said on the way', () => {
    const history = [{ ...say('not this'), role: 1 }, say('but this')];
    expect(outcomeOf(TARGET, { ...task(TaskState.TASK_STATE_COMPLETED), history }).content).toBe('but this');
  });

  it.each([
    ['said', "A2AServer 's' at http://there", "Authentication is wanted by A2AServer 's' at http://there: said"],
    ['said', undefined, "Authentication is wanted by agent 'a': said"],
    [undefined, undefined, "Authentication is wanted by agent 'a', which does not say where"],
  ])('that wants authentication (%s) is a question that says so, and where', (said, where, content) => {
    const outcome = outcomeOf(TARGET, task(TaskState.TASK_STATE_AUTH_REQUIRED, said), where);
    expect(outcome).toMatchObject({ phase: 'input-required', content, task: { state: 'auth-required' } });
  });

  it.each([
    [TaskState.TASK_STATE_FAILED, 'error'],
    [TaskState.TASK_STATE_CANCELED, 'canceled'],
  ])('in state %s tells what it spent until then', (state, phase) => {
    const cost = [{ amount: '0.5', currency: 'USD' }, 'nonsense'];
    const facts = { tokenUsage: { prompt_tokens: 3, completion_tokens: -4, total_tokens: 7 }, cost };
    const metadata = { [QUERY_EXTENSION_REF]: facts };
    expect(outcomeOf(TARGET, { ...task(state, 'said'), metadata })).toMatchObject({
      phase,
      tokenUsage: { promptTokens: 3, completionTokens: 0, totalTokens: 7, cost: [{ amount: 0.5, currency: 'USD' }] },
    });
  });

  it('that failed without a word still says that it failed', () => {
    expect(outcomeOf(TARGET, task(TaskState.TASK_STATE_FAILED)).content).toBe('task failed');
  });
});

describe('a failure', () => {
  it('is written as Ark writes it', () => {
    expect(failedOutcome(TARGET, 'no quota')).toEqual({
      target: TARGET,
      content: 'no quota',
      raw: '[{"error":"target_execution_error","message":"no quota"}]',
      phase: 'error',
    });
  });
});
