import { describe, expect, it } from '@jest/globals';
import { query } from '../../../test/harness/manifests.js';
import { MemoryInformer } from '../../../test/harness/memory-informer.js';
import { MemoryObjects } from '../../../test/harness/memory-objects.js';
import type { ResourceCache } from '../../kube/cache/resource-cache.js';
import type { Query } from '../../resources/query/query.resource.js';
import { QueryHistory } from './query-history.js';

interface Turn {
  name: string;
  input: string;
  answer?: string;
  at: string;
  phase?: string;
  conversation?: string;
  namespace?: string;
  raw?: string;
}

function remember(...turns: Turn[]): QueryHistory {
  const informer = new MemoryInformer<Query>();
  for (const {
    name,
    input,
    answer = '',
    at,
    phase = 'done',
    conversation = 'thread',
    namespace = 'default',
    raw,
  } of turns) {
    const object = query(name, { input }, namespace);
    const messages = raw ?? JSON.stringify([{ role: 'assistant', content: answer }]);
    const claim = { id: name, holder: 'h', attempt: 1, since: at };
    const status = { phase, conversationId: conversation, claim, response: { raw: messages } };
    informer.put({ ...object, metadata: { ...object.metadata, uid: name }, status } as unknown as Query);
  }
  return new QueryHistory({ informer: () => informer } as unknown as ResourceCache, new MemoryObjects());
}

const asking = (uid: string) => {
  const object = query('asking', { input: 'x' });
  return { ...object, metadata: { ...object.metadata, uid } } as unknown as Query;
};

const said = async (history: QueryHistory, except = 'now') =>
  (await history.turns(asking(except), 'thread')).map(({ role, content }) => `${role}: ${content}`);

describe('the history of a conversation', () => {
  it('is what was asked and answered, oldest first', async () => {
    const history = remember(
      { name: 'z-first', input: 'Hi', answer: 'Hello', at: '2026-01-01T00:00:01Z' },
      { name: 'a-second', input: 'Well?', answer: 'Fine', at: '2026-01-01T00:00:02Z' },
    );
    expect(await said(history)).toEqual(['user: Hi', 'assistant: Hello', 'user: Well?', 'assistant: Fine']);
  });

  it('has nothing of other conversations and namespaces, of failures, and of the Query that asks', async () => {
    const at = '2026-01-01T00:00:01Z';
    const history = remember(
      { name: 'other', input: 'x', at, conversation: 'other' },
      { name: 'elsewhere', input: 'x', at, namespace: 'elsewhere' },
      { name: 'failed', input: 'x', at, phase: 'error' },
      { name: 'now', input: 'x', at },
    );
    expect(await said(history)).toEqual([]);
  });

  it('keeps tool calls and drops system prompts', async () => {
    const call = { id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } };
    const raw = JSON.stringify([
      { role: 'system', content: 'secret' },
      { role: 'assistant', content: '', tool_calls: [call] },
      { role: 'tool', content: '42', tool_call_id: 'c' },
      { error: 'target_execution_error' },
    ]);
    const turns = await remember({ name: 'q', input: 'Look', at: '2026-01-01T00:00:01Z', raw }).turns(
      asking(''),
      'thread',
    );
    expect(turns).toEqual([
      { role: 'user', content: 'Look' },
      { role: 'assistant', content: '', toolCalls: [{ id: 'c', name: 'look', arguments: '{}' }] },
      { role: 'tool', content: '42', toolCallId: 'c' },
    ]);
  });

  it('survives an answer that is cut off', async () => {
    expect(await said(remember({ name: 'q', input: 'Hi', at: '2026-01-01T00:00:01Z', raw: '[{"role":' }))).toEqual([
      'user: Hi',
    ]);
  });
});
