import { type ListTasksRequest, type Task, TaskState } from '@a2a-js/sdk';
import { ServerCallContext } from '@a2a-js/sdk/server';
import { describe, expect, it } from '@jest/globals';
import { answerArtifact, textPart } from '../a2a-parts.js';
import { RecentTasks } from './recent-tasks.js';

const of = (tenant: string) => new ServerCallContext({ tenant });
const task = (id: string, state = TaskState.TASK_STATE_WORKING, second = 0): Task => ({
  id,
  contextId: 'c',
  status: { state, message: undefined, timestamp: new Date(second * 1000).toISOString() },
  artifacts: [],
  history: [],
  metadata: undefined,
});

describe('tasks served lately', () => {
  it('belong to one engine', async () => {
    const tasks = new RecentTasks();
    await tasks.save(task('t'), of('echo'));
    expect((await tasks.load('t', of('echo')))?.id).toBe('t');
    expect(await tasks.load('t', of('other'))).toBeUndefined();
  });

  it('are copies: nobody changes the stored one', async () => {
    const tasks = new RecentTasks();
    await tasks.save(task('t'), of('echo'));
    (await tasks.load('t', of('echo')))!.contextId = 'changed';
    expect((await tasks.load('t', of('echo')))?.contextId).toBe('c');
  });

  it('hold the texts of an artifact as one part', async () => {
    const tasks = new RecentTasks();
    const artifact = { ...answerArtifact('a'), parts: ['a', 'b', 'c'].map(textPart) };
    await tasks.save({ ...task('t'), artifacts: [artifact] }, of('echo'));
    expect((await tasks.load('t', of('echo')))?.artifacts[0]?.parts).toEqual([textPart('abc')]);
  });

  it('make room: the oldest that has ended goes first', async () => {
    const tasks = new RecentTasks({ tasks: 2 });
    await tasks.save(task('running'), of('e'));
    await tasks.save(task('ended', TaskState.TASK_STATE_COMPLETED), of('e'));
    await tasks.save(task('new'), of('e'));
    expect(await tasks.load('ended', of('e'))).toBeUndefined();
    expect(await tasks.load('running', of('e'))).toBeDefined();
  });

  it('make room when they are few but big', async () => {
    const tasks = new RecentTasks({ bytes: 100_000 });
    const big = (id: string, state?: TaskState) => ({
      ...task(id, state, 1),
      artifacts: [{ ...answerArtifact('x'.repeat(20_000)) }],
    });
    await tasks.save(big('running'), of('e'));
    for (let i = 0; i < 5; i += 1) await tasks.save(big(`ended ${i}`, TaskState.TASK_STATE_COMPLETED), of('e'));
    const left = await tasks.list({ pageSize: 50, includeArtifacts: true } as ListTasksRequest, of('e'));
    expect(left.tasks.map(({ id }) => id)).toEqual(['ended 4', 'running']);
    await tasks.save({ ...big('giant'), artifacts: [answerArtifact('x'.repeat(1_000_000))] }, of('e'));
    expect((await tasks.load('giant', of('e')))?.id).toBe('giant');
    expect(await tasks.load('running', of('e'))).toBeUndefined();
  });

  it('grow piece by piece at the price of the piece', async () => {
    const tasks = new RecentTasks();
    await tasks.save({ ...task('t'), artifacts: [answerArtifact('')] }, of('e'));
    const begin = performance.now();
    for (let i = 0; i < 5_000; i += 1) {
      const grown = (await tasks.load('t', of('e')))!;
      grown.artifacts[0]!.parts = [...grown.artifacts[0]!.parts, textPart('x'.repeat(1_000))];
      await tasks.save(grown, of('e'));
    }
    expect(performance.now() - begin).toBeLessThan(2_000);
    expect((await tasks.load('t', of('e')))?.artifacts[0]?.parts).toEqual([textPart('x'.repeat(5_000_000))]);
  });

  it('are listed newest first, page by page', async () => {
    const tasks = new RecentTasks();
    for (let i = 1; i <= 3; i += 1) await tasks.save(task(`t${i}`, TaskState.TASK_STATE_WORKING, i), of('e'));
    const asked = { tenant: '', contextId: '', status: 0, pageSize: 2, pageToken: '' } as unknown as ListTasksRequest;
    const first = await tasks.list(asked, of('e'));
    expect(first.tasks.map(({ id }) => id)).toEqual(['t3', 't2']);
    expect(first.totalSize).toBe(3);
    const second = await tasks.list({ ...asked, pageToken: first.nextPageToken }, of('e'));
    expect(second.tasks.map(({ id }) => id)).toEqual(['t1']);
    expect(second.nextPageToken).toBe('');
  });
});
