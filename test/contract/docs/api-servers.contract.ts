import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const page = readFileSync('docs/reference/api-servers.md', 'utf8');
const tests = globSync('test/e2e/**/*.e2e.ts').map((file) => readFileSync(file, 'utf8'));
const reasons = new Set(
  tests.flatMap((text) => [...text.matchAll(/\bembeddedOnly\('([^']+)'\)/g)].map(([, why]) => why)),
);

describe('the reference of API servers', () => {
  it.each([...reasons])('says why cases about %s are left out on a real one', (reason) => {
    expect(page).toContain(`| ${reason} |`);
  });

  it('gives no reason that no case has', () => {
    const [, table = ''] = page.split('## Only with the embedded API server');
    const rows = (table.split('##')[0] ?? '').split('\n').filter((line) => line.startsWith('| '));
    const named = rows.slice(1).map((line) => line.split('|')[1]?.trim());
    expect(new Set(named)).toEqual(reasons);
  });
});
