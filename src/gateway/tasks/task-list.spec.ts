import { ListTasksRequest } from '@a2a-js/sdk';
import { describe, expect, it } from '@jest/globals';
import type { Query, QueryPhase } from '../../resources/query/query.resource.js';
import { pageOf } from './task-list.js';

const LONG = 'x'.repeat(5 << 20);
const CUT = '… cut';

/** Ended so many milliseconds after noon. */
const ended = (name: string, ms: number, content = name, phase: QueryPhase = 'done') =>
  ({
    metadata: { name, uid: name, creationTimestamp: '2026-01-01T11:00:00Z' },
    spec: { input: 'asked', conversationId: 'talk' },
    status: {
      phase,
      response: { content, phase },
      claim: { id: 'c', holder: 'h', attempt: 1, since: '2026-01-01T12:00:00.000Z' },
      duration: `${ms}ms`,
      conditions: [{ type: 'Completed', status: 'True', lastTransitionTime: '2026-01-01T12:00:00Z' }],
    },
  }) as unknown as Query;

/** What an answer was before it was cut. */
const whole = async (query: Query) =>
  query.status?.response?.content === CUT
    ? { ...query, status: { ...query.status, response: { ...query.status.response, content: LONG } } }
    : query;
const list = (queries: Query[], request: object = {}) => pageOf(queries, ListTasksRequest.fromJSON(request), whole);
const names = ({ tasks }: Awaited<ReturnType<typeof list>>) => tasks.map(({ id }) => id);
const answer = (page: Awaited<ReturnType<typeof list>>) => page.tasks[0]?.artifacts[0]?.parts[0]?.content?.value;

describe('a list of tasks', () => {
  it('begins with those whose status changed last, to the millisecond', async () => {
    const page = await list([ended('b', 20), ended('c', 30), ended('a', 10)]);
    expect(names(page)).toEqual(['c', 'b', 'a']);
    expect(page.tasks[0]?.status?.timestamp).toBe('2026-01-01T12:00:00.030Z');
    const later = { statusTimestampAfter: '2026-01-01T14:00:00.020+02:00' };
    expect(names(await list([ended('b', 20), ended('c', 30), ended('a', 10)], later))).toEqual(['c', 'b']);
  });

  it('holds neither answers nor history unless they are asked for', async () => {
    const [task] = (await list([ended('a', 1, CUT)])).tasks;
    expect(task).toMatchObject({ id: 'a', artifacts: [], history: [] });
  });

  it('holds answers whole where they are asked for, or else what an ended task says', async () => {
    expect(answer(await list([ended('a', 1, CUT)], { includeArtifacts: true }))).toBe(LONG);
    const { tasks } = await list([ended('a', 1, CUT)], { historyLength: 1 });
    expect(tasks[0]?.history.map(({ parts }) => parts[0]?.content?.value)).toEqual([LONG]);
    const failed = (await list([ended('a', 1, CUT, 'error')])).tasks[0]?.status?.message;
    expect(failed?.parts[0]?.content?.value).toBe(LONG);
  });

  it('ends a page early when its answers are long, and goes on with the next task', async () => {
    const queries = [ended('c', 3, CUT), ended('b', 2, CUT), ended('a', 1)];
    const first = await list(queries, { includeArtifacts: true });
    expect(names(first)).toEqual(['c']);
    expect(first.totalSize).toBe(3);
    const second = await list(queries, { includeArtifacts: true, pageToken: first.nextPageToken });
    expect(names(second)).toEqual(['b', 'a']);
    expect(second.nextPageToken).toBe('');
    expect(names(await list(queries))).toEqual(['c', 'b', 'a']);
  });

  it('goes on at the same place when the task before it has changed or gone', async () => {
    const { nextPageToken: pageToken } = await list([ended('c', 3), ended('b', 2), ended('a', 1)], { pageSize: 2 });
    expect(names(await list([ended('c', 3), ended('a', 1)], { pageToken }))).toEqual(['a']);
    expect(names(await list([ended('b', 9), ended('c', 3), ended('a', 1)], { pageToken }))).toEqual(['a']);
    expect(names(await list([ended('c', 3)], { pageToken }))).toEqual([]);
  });

  it('refuses what no list can be asked for', async () => {
    const wrong = [{ pageSize: 0 }, { pageSize: -1 }, { pageSize: 101 }, { pageSize: 1.5 }, { historyLength: -1 }];
    const others = [{ pageToken: 'nowhere' }, { status: 'TASK_STATE_HAPPY' }, { statusTimestampAfter: 'yesterday' }];
    for (const request of [...wrong, ...others]) {
      await expect(list([ended('a', 1)], request)).rejects.toThrow(Object.keys(request)[0]);
    }
  });
});
