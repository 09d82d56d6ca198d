import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const pages = globSync('**/*.md', {
  exclude: (path) => /(^|\/)(node_modules|dist|\.ark)(\/|$)/.test(path),
}).sort();

describe('the documentation', () => {
  it.each(pages)('%s links only to what is there', (page) => {
    const text = readFileSync(page, 'utf8').replace(/```[\s\S]*?```/g, '');
    const targets = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map((match) => match[1] ?? '');
    const local = targets.filter((target) => !/^[a-z]+:/.test(target));
    expect(local.filter((target) => !existsSync(join(dirname(page), target)))).toEqual([]);
  });

  it('lists every decision', () => {
    const index = readFileSync('docs/adr/README.md', 'utf8');
    const decisions = globSync('docs/adr/[0-9]*.md').map((path) => path.slice('docs/adr/'.length));
    expect(decisions.filter((decision) => !index.includes(`(${decision})`))).toEqual([]);
    expect(decisions.length).toBeGreaterThan(0);
    const numbers = decisions.map((decision) => decision.slice(0, 4));
    expect(numbers.filter((number, at) => numbers.indexOf(number) !== at)).toEqual([]);
  });

  it('names every guide on its first page', () => {
    const first = readFileSync('README.md', 'utf8').replace(/[\s\S]*## Where to read next/, '');
    expect(globSync('docs/guides/*.md').filter((guide) => !first.includes(`(${guide})`))).toEqual([]);
  });

  it('gives every decision the same parts', () => {
    const parts = ['Status: ', '## Decision', '## What would change our mind'];
    for (const path of globSync('docs/adr/[0-9]*.md')) {
      const text = readFileSync(path, 'utf8');
      expect({ path, missing: parts.filter((part) => !text.includes(part)) }).toEqual({ path, missing: [] });
    }
  });
});
