import { describe, expect, it } from '@jest/globals';
import { type ChunkBody, chunkJson } from './chunk.js';

const source = { id: 'c', model: 'agent/a', created: 1, ark: { query: 'u', session: 'u', target: 'agent/a' } };
const wire = (body: ChunkBody) => JSON.parse(chunkJson({ id: 1, source, body })) as Record<string, never>;
const call = { id: 'x', name: 'look', arguments: '{}' };

describe('a chunk of a live stream', () => {
  it('tells of a tool call as OpenAI does, to be joined by its index', () => {
    expect(wire({ type: 'tool-call', call, index: 2 })).toMatchObject({
      choices: [
        {
          delta: { tool_calls: [{ index: 2, id: 'x', type: 'function', function: { name: 'look', arguments: '{}' } }] },
        },
      ],
    });
  });

  it('tells of a result beside the answer, never as a part of it', () => {
    const chunk = wire({ type: 'tool-result', call, result: { text: '42' } });
    expect(chunk).toMatchObject({
      choices: [{ delta: {} }],
      ark: { target: 'agent/a', toolResult: { id: 'x', name: 'look', text: '42', isError: false } },
    });
    expect(JSON.stringify(chunk.choices)).not.toContain('42');
  });
});
