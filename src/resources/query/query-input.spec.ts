import { describe, expect, it } from '@jest/globals';
import type { Query, QuerySpec } from './query.resource.js';
import { inputHistory, queryInput, renderedInput } from './query-input.js';

const conversation = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'First' },
  { role: 'assistant', content: 'Answer' },
  { role: 'user', content: [{ type: 'text', text: 'Follow' }, { type: 'image_url' }, { type: 'text', text: 'up' }] },
];
const nowhere = { get: () => undefined };

describe('the input of a Query', () => {
  it('is its text, or the last user message', () => {
    expect(queryInput({ input: 'hi' })).toBe('hi');
    expect(queryInput({ type: 'user', input: '' })).toBe('');
    expect(queryInput({ type: 'messages', input: conversation })).toBe('Follow\nup');
  });

  it('keeps earlier messages as history', () => {
    expect(inputHistory({ type: 'messages', input: conversation })).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'First' },
      { role: 'assistant', content: 'Answer' },
    ]);
    expect(inputHistory({ type: 'user', input: conversation })).toEqual([]);
  });

  it.each<Pick<QuerySpec, 'type' | 'input'>>([
    { type: 'user', input: conversation },
    { type: 'user', input: 5 },
    { type: 'messages', input: 'hi' },
    { type: 'messages', input: [{ role: 'assistant', content: 'x' }] },
    { type: 'messages', input: [null] },
  ])('%j has no text, in the words clients look for', (spec) => {
    expect(() => queryInput(spec)).toThrow('failed to get input string');
  });

  it('is a template only when there are parameters', async () => {
    const query = (spec: Partial<QuerySpec>) =>
      ({ metadata: { name: 'q', namespace: 'ns' }, spec: { input: '{{.who}} {{', ...spec } }) as Query;
    expect(await renderedInput(query({}), nowhere)).toBe('{{.who}} {{');
    const parameters = [{ name: 'who', value: 'Ada' }];
    expect(await renderedInput(query({ input: 'Hi {{.who}}', parameters }), nowhere)).toBe('Hi Ada');
    const missing = [{ name: 'who', valueFrom: { configMapKeyRef: { name: 'm', key: 'k' } } }];
    await expect(renderedInput(query({ parameters: missing }), nowhere)).rejects.toThrow('config map ns/m');
  });
});
