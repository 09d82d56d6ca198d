import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const page = readFileSync('docs/reference/api-servers.md', 'utf8');
const tests = globSync('test/e2e/**/*.e2e.ts').map((file) => readFileSync(file, 'utf8'));
const reasons = new Set(
  tests.flatMap((text) => [...text.matchAll(/\bembeddedOnly\('([^']+)'\)/g)].map(([, why]) => why)),
);

const cases = globSync('test/contract/api-server/*.contract.ts').map((file) => readFileSync(file, 'utf8'));
const differences = cases.flatMap((text) =>
  [...text.matchAll(/\bcourt\.onlyReal\(\s*'([^']+)'/g)].map(([, what = '']) => what),
);

/** The first column of a table of the page. */
function rowsOf(heading: string): string[] {
  const [, section = ''] = page.split(`## ${heading}\n`);
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(1).map((line) => line.split('|')[1]?.trim() ?? '');
}

describe('the reference of API servers', () => {
  it.each([...reasons])('says why cases about %s are left out on a real one', (reason) => {
    expect(page).toContain(`| ${reason} |`);
  });

  it('gives no reason that no case has', () => {
    expect(new Set(rowsOf('Only with the embedded API server'))).toEqual(reasons);
  });

  it('has a case for each thing that only a real one has, and names each of these cases', () => {
    expect(differences.sort()).toEqual(rowsOf('Only with a real API server').sort());
  });
});
