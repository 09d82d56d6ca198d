import { describe, expect, it } from '@jest/globals';
import type { Query, QueryClaim, QueryStatus } from '../../resources/query/query.resource.js';
import { nextStep } from './query-lifecycle.checks.js';

const claimOf = (holder: string, rest: Partial<QueryClaim> = {}) => ({
  id: 'c',
  holder,
  attempt: 1,
  since: 't',
  ...rest,
});
const query = (status?: QueryStatus, cancel = false): Query => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Query',
  metadata: { name: 'q', namespace: 'n' },
  spec: { input: 'hi', cancel },
  status,
});
const step = (of: Query, known: { running?: boolean; stale?: boolean } = {}) =>
  nextStep(of, { self: 'me', isAlive: (holder) => holder !== 'dead', running: false, stale: false, ...known });

describe('what to do about a Query', () => {
  it.each<[string, Query, string]>([
    ['a new one', query(), 'claim'],
    ['one that waits', query({ phase: 'pending' }), 'claim'],
    ['one whose holder lives', query({ phase: 'running', claim: claimOf('peer') }), 'watch-holder'],
    ['one whose holder died', query({ phase: 'running', claim: claimOf('dead') }), 'claim'],
    [
      'one that has lost three holders',
      query({ phase: 'running', claim: claimOf('dead', { attempt: 3, lost: 2 }) }),
      'give-up',
    ],
    ['one that lost two', query({ phase: 'running', claim: claimOf('dead', { attempt: 2, lost: 1 }) }), 'claim'],
    [
      'one that many stopping processes gave back',
      query({ phase: 'running', claim: claimOf('peer', { attempt: 40, lost: 2, released: true }) }),
      'claim',
    ],
    ['one claimed here that nobody works on', query({ phase: 'running', claim: claimOf('me') }), 'adopt'],
    ['one that asks a person', query({ phase: 'input-required', claim: claimOf('dead') }), 'leave'],
    ['a finished one', query({ phase: 'done' }), 'expire'],
    ['a finished one that is canceled too late', query({ phase: 'done' }, true), 'expire'],
    ['one canceled before it began', query(undefined, true), 'mark-canceled'],
    [
      'one canceled while it asks a person',
      query({ phase: 'input-required', claim: claimOf('peer') }, true),
      'mark-canceled',
    ],
    ['one canceled after its holder died', query({ phase: 'running', claim: claimOf('dead') }, true), 'mark-canceled'],
    [
      'one canceled while a peer works on it',
      query({ phase: 'running', claim: claimOf('peer') }, true),
      'watch-holder',
    ],
  ])('%s', (_what, of, expected) => {
    expect(step(of)).toBe(expected);
  });

  it('leaves alone what runs here, stops it on cancel, and does not believe an old picture', () => {
    expect(step(query(), { running: true })).toBe('leave');
    expect(step(query(undefined, true), { running: true })).toBe('stop');
    expect(step(query(), { stale: true })).toBe('leave');
    const deleted = { ...query(), metadata: { name: 'q', deletionTimestamp: 't' } };
    expect(step(deleted, { running: true })).toBe('stop');
  });
});
