import { describe, expect, it } from '@jest/globals';
import { QUERY_EXTENSION_REF } from '../resources/labels.js';
import { readQueryRef, wireUsage } from './query-extension.js';

const within = (ref: unknown) => ({ [QUERY_EXTENSION_REF]: ref });

describe('the reference to a Query in an A2A message', () => {
  it('is read from the message, else from the request', () => {
    const ref = { name: 'q', namespace: 'ns' };
    expect(readQueryRef(within(ref), undefined)).toEqual(ref);
    expect(readQueryRef(undefined, within(ref))).toEqual(ref);
    expect(readQueryRef(within(ref), within({ name: 'other', namespace: 'ns' }))).toEqual(ref);
  });

  it('may name one of several targets', () => {
    const target = { type: 'agent', name: 'a' };
    expect(readQueryRef(within({ name: 'q', namespace: 'ns', target }), undefined).target).toEqual(target);
  });

  it.each([
    ['nothing', undefined, /is missing: it names the Query/],
    ['a text', 'q', /must be an object/],
    ['no name', { namespace: 'ns' }, /\.name must be the name of a Query/],
    ['no namespace', { name: 'q' }, /\.namespace must be the namespace of Query 'q'/],
    ['a path as name', { name: '../../secrets/x', namespace: 'ns' }, /\.name must be/],
    ['half a target', { name: 'q', namespace: 'ns', target: { type: 'agent' } }, /\.target must be/],
  ])('is refused when it is %s', (_, ref, message) => {
    const metadata = ref === undefined ? {} : within(ref);
    expect(() => readQueryRef(metadata, undefined)).toThrow(message);
  });
});

describe('token usage on the wire', () => {
  it('has the names of OpenAI and mentions cached tokens only when there are some', () => {
    const usage = { promptTokens: 1, completionTokens: 2, totalTokens: 3 };
    const tokenUsage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
    expect(wireUsage(usage)).toEqual({ tokenUsage });
    expect(wireUsage({ ...usage, cachedTokens: 1 })).toMatchObject({ tokenUsage: { cached_tokens: 1 } });
    expect(wireUsage(undefined)).toEqual({});
  });

  it('has its cost beside it, also when no price is known: that tells the caller that it was counted', () => {
    const usage = { promptTokens: 1, completionTokens: 2, totalTokens: 3 };
    expect(wireUsage({ ...usage, cost: [{ amount: 0.25, currency: 'USD' }] })).toMatchObject({
      cost: [{ amount: '0.25', currency: 'USD' }],
    });
    expect(wireUsage({ ...usage, cost: [] })).toMatchObject({ cost: [] });
  });
});
