import { describe, expect, it } from '@jest/globals';
import { LONGEST_TEXT, toolResult } from './call-result.js';

const image = (mimeType: string, data = 'AAAA') => ({ type: 'image' as const, mimeType, data });
const text = (value: string) => ({ type: 'text' as const, text: value });

describe('the result of an MCP tool', () => {
  it('is its texts, one after the other', () => {
    expect(toolResult({ content: [text('a'), text('b')] })).toEqual({ text: 'ab' });
    expect(toolResult({ content: [] })).toEqual({ text: '' });
  });

  it('is its structured content where there is no text', () => {
    expect(toolResult({ content: [], structuredContent: { a: 1 } }).text).toBe('{"a":1}');
    expect(toolResult({ content: [text('a is 1')], structuredContent: { a: 1 } }).text).toBe('a is 1');
  });

  it('keeps that the tool says it failed', () => {
    expect(toolResult({ content: [text('no')], isError: true })).toEqual({ text: 'no', isError: true });
  });

  it('has images apart, and says where one was left out', () => {
    const result = toolResult({
      content: [image('image/png'), image('image/tiff'), image('image/png', 'A'.repeat(8 << 20))],
    });
    expect(result.images).toEqual([{ mimeType: 'image/png', data: 'AAAA' }]);
    expect(result.text).toBe(
      '[image image/png][image image/tiff, left out: no type that models see][image image/png, left out: larger than 5 MiB]',
    );
    const many = toolResult({ content: Array.from({ length: 10 }, () => image('image/png')) });
    expect(many.images).toHaveLength(8);
  });

  it('names every other part without its bytes', () => {
    const result = toolResult({
      content: [
        { type: 'audio', mimeType: 'audio/wav', data: 'AAAA' },
        { type: 'resource', resource: { uri: 'file:///a', text: 'inside' } },
        { type: 'resource', resource: { uri: 'file:///b', blob: 'AAAA' } },
        { type: 'resource_link', uri: 'file:///c', name: 'c' },
      ],
    });
    expect(result).toEqual({
      text: '[audio audio/wav, left out]inside[resource file:///b, left out: not text][resource file:///c]',
    });
  });

  it('is cut where it is too long, and says so', () => {
    const { text: long } = toolResult({ content: [text('x'.repeat(LONGEST_TEXT + 7))] });
    expect(long.endsWith('\n[cut: 7 more characters]')).toBe(true);
  });
});
