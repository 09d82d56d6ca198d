import { describe, expect, it } from '@jest/globals';
import { parseManifests, sortManifests } from './read-manifests.js';

const document = (kind: string) => `apiVersion: v1\nkind: ${kind}\nmetadata: { name: ${kind.toLowerCase()} }\n`;

describe('reading manifests', () => {
  it('takes every document of a stream and skips empty ones', () => {
    const stream = `---\n${document('Agent')}---\n---\n# only a comment\n---\n${document('Query')}`;
    expect(parseManifests(stream, 'x').map(({ object }) => object.kind)).toEqual(['Agent', 'Query']);
  });

  it('takes a List apart', () => {
    const list = { kind: 'List', items: [{ apiVersion: 'v1', kind: 'Agent', metadata: { name: 'a' } }] };
    expect(parseManifests(JSON.stringify(list), 'x').map(({ object }) => object.metadata.name)).toEqual(['a']);
  });

  it('names the file of an object that has no kind or no name', () => {
    expect(() => parseManifests('apiVersion: v1', 'a.yaml')).toThrow('An object in a.yaml has no kind.');
    expect(() => parseManifests('apiVersion: v1\nkind: Agent', 'a.yaml')).toThrow(
      'A Agent in a.yaml has no metadata.name.',
    );
    expect(() => parseManifests('a: [', 'a.yaml')).toThrow(/^a.yaml is not YAML/);
  });

  it('puts what is needed first in front, and queries at the end', () => {
    const stream = ['Query', 'Agent', 'Widget', 'Model', 'Secret', 'Namespace'].map(document).join('---\n');
    expect(sortManifests(parseManifests(stream, 'x')).map(({ object }) => object.kind)).toEqual([
      'Namespace',
      'Secret',
      'Model',
      'Agent',
      'Widget',
      'Query',
    ]);
  });
});
