import { beforeEach, describe, expect, it } from '@jest/globals';
import { Query, type QueryStatus } from '../../resources/query/query.resource.js';
import { FakeContext } from '../fake-context.js';
import { type ClaimedQuery, claim, releaseClaim } from './query-claim.js';

const KEY = { namespace: 'n', name: 'q' };
const usage = (n: number) => ({ promptTokens: n, completionTokens: n, totalTokens: 2 * n });

describe('a claim that is given back', () => {
  let context: FakeContext;
  beforeEach(() => {
    context = new FakeContext();
  });
  const query = () => context.get(Query, KEY) as ClaimedQuery;
  async function take(status: QueryStatus = {}): Promise<ClaimedQuery> {
    const { apiVersion, kind } = { apiVersion: 'ark.mckinsey.com/v1alpha1', kind: 'Query' };
    const spec = { input: 'hi', target: { type: 'agent' as const, name: 'a' } };
    return claim(context.put<Query>({ apiVersion, kind, metadata: KEY, spec, status }), 1, 'me', context);
  }

  it('keeps what was spent, and so do those after it', async () => {
    await releaseClaim(await take(), context, { ...usage(1), cost: [{ amount: 0.5, currency: 'USD' }] });
    expect(query().status.claim).toMatchObject({ tokenUsage: usage(1), cost: [{ amount: '0.5', currency: 'USD' }] });
    await releaseClaim(await claim(query(), 2, 'other', context), context, usage(2));
    const next = await claim(query(), 3, 'third', context);
    expect(next.status.claim).toEqual({
      ...{ id: expect.anything(), holder: 'third', attempt: 3, since: expect.anything() },
      ...{ tokenUsage: usage(3), cost: [{ amount: '0.5', currency: 'USD' }] },
    });
    await releaseClaim(next, context);
    expect(query().status.claim.tokenUsage).toEqual(usage(3));
  });

  it('keeps nothing of a run that had paused, which tells everything again', async () => {
    const response = { content: 'Well?', raw: '{}', phase: 'input-required' as const };
    await releaseClaim(await take({ response, responses: [response] }), context, usage(1));
    expect(query().status.claim).toMatchObject({ released: true });
    expect(query().status.claim.tokenUsage).toBeUndefined();
  });
});
