import { describe, expect, it } from '@jest/globals';
import { newQuery, queryAgain, queryName } from './query-manifest.js';

const target = { type: 'agent', name: 'a' };

describe('a Query made by the command line', () => {
  it('has a name that sorts by time and does not collide within a second', () => {
    expect(queryName('cli-query', 1_700_000_000_999, new Uint8Array([0, 1, 25, 26, 35]))).toBe(
      'cli-query-1700000000-abz09',
    );
    expect(queryName('cli-query', 1)).not.toBe(queryName('cli-query', 1));
  });

  it('asks for streaming and says nothing that was not wished', () => {
    const query = newQuery(target, { namespace: 'n', input: 'hi' }, 'ark');
    expect(query.metadata.annotations).toEqual({ 'ark.mckinsey.com/streaming-enabled': 'true' });
    expect(query.spec).toEqual({ target, input: 'hi' });
  });

  it('carries the mark of fark when made by it', () => {
    const query = newQuery(target, { namespace: 'n', input: 'hi' }, 'fark');
    expect(query.metadata.annotations).toMatchObject({ 'ark.mckinsey.com/fark-created': 'true' });
  });

  it('takes over what the stored one asked, unless wished otherwise', () => {
    const stored = newQuery(target, { namespace: 'n', input: 'hi', sessionId: 's', timeout: '9s' }, 'ark');
    stored.spec.cancel = true;
    stored.metadata.annotations = {
      'ark.mckinsey.com/a2a-context-id': 'c',
      'kubectl.kubernetes.io/last-applied-configuration': '{}',
    };
    const again = queryAgain(stored, { namespace: 'n', input: 'ho' }, 'ark');
    expect(again.spec).toEqual({ target, input: 'ho', sessionId: 's', timeout: '9s' });
    expect(again.metadata.annotations).toEqual({
      'ark.mckinsey.com/a2a-context-id': 'c',
      'ark.mckinsey.com/streaming-enabled': 'true',
      'ark.mckinsey.com/triggered-from': stored.metadata.name,
    });
  });
});
