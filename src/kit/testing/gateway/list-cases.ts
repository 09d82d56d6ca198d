import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { refused } from './conversation.js';
import { list, type Operation } from './speech.js';
import type { GatewayCase, Talks } from './task-cases.js';

const INVALID_PARAMS = -32602;

type Filter = Extract<Operation, { do: 'list' }>['filter'];

/** Only for bindings that can list tasks. */
const listing = (check: GatewayCase[1]) => async (talks: Talks) =>
  talks.echo.binding.lists ? check(talks) : undefined;

async function three({ echo }: Talks): Promise<{ contextId: string; ids: string[] }> {
  const contextId = randomUUID();
  const ids: string[] = [];
  for (const text of ['1', '2', '3']) ids.push((await echo.send(text, { contextId })).ids?.taskId ?? '');
  return { contextId, ids };
}

/** What A2A 1.0 demands of lists of tasks. */
export const LIST_CASES: GatewayCase[] = [
  [
    'pages through the tasks of a context, the last changed first',
    listing(async (talks) => {
      const { echo } = talks;
      const { contextId, ids } = await three(talks);
      const first = await echo.say({ do: 'list', filter: { contextId, pageSize: 2 } });
      strictEqual(first.tasks?.length, 2);
      strictEqual(first.total, 3);
      const second = await echo.say({ do: 'list', filter: { contextId, pageSize: 2, pageToken: first.next ?? '' } });
      const listed = [...(first.tasks ?? []), ...(second.tasks ?? [])];
      deepStrictEqual(listed.map(({ id }) => id).toSorted(), ids.toSorted());
      const moments = listed.map(({ at }) => at);
      deepStrictEqual(moments, moments.toSorted().toReversed());
    }),
  ],
  [
    'says in each list how many there are, and that there are no more',
    listing(async ({ echo }) => {
      const { result } = await echo.say({ do: 'list', filter: { contextId: randomUUID() } });
      deepStrictEqual(list(result?.tasks), []);
      for (const name of ['tasks', 'nextPageToken', 'pageSize', 'totalSize']) ok(result && name in result, name);
      strictEqual(result?.nextPageToken, '');
    }),
  ],
  [
    'shows artifacts in a list where they are asked for, and there all of them',
    listing(async ({ echo }) => {
      const contextId = randomUUID();
      // Longer than what object stores like to keep, and one word: nobody waits for pieces here.
      const long = 'long'.repeat(160_000);
      await echo.send(long, { contextId });
      const plain: Filter[] = [{}, { includeArtifacts: false }, { historyLength: 0 }];
      for (const filter of plain) {
        const { result, tasks } = await echo.say({ do: 'list', filter: { contextId, ...filter } });
        strictEqual(tasks?.length, 1);
        ok(!('artifacts' in (list(result?.tasks)[0] ?? {})), 'nobody asked for artifacts');
      }
      const { tasks } = await echo.say({ do: 'list', filter: { contextId, includeArtifacts: true } });
      strictEqual(tasks?.[0]?.text.length, long.length);
      strictEqual((await echo.say({ do: 'list', filter: { contextId, historyLength: 1 } })).tasks?.[0]?.said, 1);
    }),
  ],
  [
    'lists the tasks of a state, and those that changed since a moment',
    listing(async (talks) => {
      const { echo } = talks;
      const { contextId } = await three(talks);
      const found = async (filter: Filter) =>
        (await echo.say({ do: 'list', filter: { contextId, ...filter } })).tasks?.map(({ at }) => at) ?? [];
      const all = await found({ status: 'TASK_STATE_COMPLETED' });
      strictEqual(all.length, 3);
      deepStrictEqual(await found({ status: 'TASK_STATE_WORKING' }), []);
      deepStrictEqual(
        await found({ statusTimestampAfter: all[0] ?? '' }),
        all.filter((at) => at === all[0]),
      );
      deepStrictEqual(await found({ statusTimestampAfter: '2999-01-01T00:00:00Z' }), []);
    }),
  ],
  [
    'refuses lists that nobody could give',
    listing(async ({ echo }) => {
      const wrong: Filter[] = [
        ...[{ pageSize: 0 }, { pageSize: -1 }, { pageSize: 101 }, { historyLength: -1 }],
        ...[{ pageToken: 'nowhere' }, { status: 'HAPPY' }, { statusTimestampAfter: 'yesterday' }],
      ];
      for (const filter of wrong) refused(await echo.say({ do: 'list', filter }), INVALID_PARAMS);
    }),
  ],
];
