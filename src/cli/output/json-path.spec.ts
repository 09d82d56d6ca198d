import { describe, expect, it } from '@jest/globals';
import { jsonPath } from './json-path.js';

const list = {
  items: [
    { metadata: { name: 'a', labels: { 'x.y/z': '1' } }, status: { conditions: [{ type: 'Ready', status: 'True' }] } },
    { metadata: { name: 'b' }, status: { conditions: [{ type: 'Ready', status: 'False' }] } },
  ],
};

describe('jsonpath templates', () => {
  it.each([
    ['{.items[0].metadata.name}', 'a'],
    ['.items[1].metadata.name', 'b'],
    ['{.items[-1].metadata.name}', 'b'],
    ['{.items[*].metadata.name}', 'a b'],
    ["{.items[0].metadata.labels['x.y/z']}", '1'],
    ['{.items[0].metadata.labels.x\\.y/z}', '1'],
    ['{.items[0].status.conditions[?(@.type=="Ready")].status}', 'True'],
    ['{range .items[*]}{.metadata.name}{"="}{.status.conditions[0].status}{"\\n"}{end}', 'a=True\nb=False\n'],
    ['first: {.items[0].metadata.name}\\n', 'first: a\n'],
    ['{.items[0].metadata}', '{"name":"a","labels":{"x.y/z":"1"}}'],
    ['{.absent.field}', ''],
    ['{range .absent[*]}{.name}{end}done', 'done'],
  ])('%s', (template, text) => {
    expect(jsonPath(template, list)).toBe(text);
  });

  it.each(['{.items[}', '{range .items[*]}{.name}', '{end}', '{.a'])('refuses %s', (template) => {
    expect(() => jsonPath(template, list)).toThrow(/jsonpath/);
  });
});
