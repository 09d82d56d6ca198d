import { describe, expect, it } from '@jest/globals';
import { printNames, printTable } from './print.js';

const table = {
  kind: 'Table' as const,
  columnDefinitions: [
    { name: 'Name', type: 'string' },
    { name: 'Address', type: 'string', priority: 1 },
    { name: 'Age', type: 'date' },
  ],
  rows: [
    { cells: ['weather-agent', 'http://a', '5s'], object: { metadata: { name: 'weather-agent', namespace: 'team' } } },
    { cells: ['b', null, '12d'], object: { metadata: { name: 'b', namespace: 'default' } } },
  ],
};

describe('printing a table', () => {
  it('aligns the columns and leaves out the wide ones', () => {
    expect(printTable(table, { wide: false, withNamespace: false })).toBe(
      'NAME            AGE\nweather-agent   5s\nb               12d\n',
    );
  });

  it('shows wide columns and namespaces when asked', () => {
    const [head, first, second] = printTable(table, { wide: true, withNamespace: true }).split('\n');
    expect(head).toMatch(/^NAMESPACE\s+NAME\s+ADDRESS\s+AGE$/);
    expect(first).toMatch(/^team\s+weather-agent\s+http:\/\/a\s+5s$/);
    expect(second).toMatch(/^default\s+b\s+12d$/);
  });
});

describe('printing names', () => {
  it('writes kind and group as kubectl does', () => {
    const object = { apiVersion: 'v1', kind: 'Agent', metadata: { name: 'a' } };
    expect(printNames([object], { kind: 'Agent', group: 'ark.mckinsey.com' })).toBe('agent.ark.mckinsey.com/a\n');
    expect(printNames([object], { kind: 'Secret', group: '' })).toBe('secret/a\n');
  });
});
