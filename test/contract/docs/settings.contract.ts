import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { run } from '../../../src/cli/main.js';
import { describeSettings } from '../../../src/machinery/settings/read-settings.js';
import { RecordingTerminal } from '../cli/recording-terminal.js';

const page = readFileSync('docs/reference/settings.md', 'utf8');

describe.each(describeSettings())('the setting $env', (setting) => {
  it('is described with its flag, default and meaning', () => {
    const code = (text: string | undefined) => (text ? `\`${text}\`` : '');
    const row = `| ${code(setting.env)} | ${code(setting.flag)} | ${code(setting.default)} | ${setting.description} |`;
    expect(page).toContain(row);
  });

  it('can be given to ark start where it has a flag', async () => {
    const terminal = new RecordingTerminal('/nonexistent');
    expect(await run(['start', '--help'], terminal, 'ark')).toBe(0);
    if (setting.flag) expect(terminal.stdout).toContain(`${setting.flag} <`);
  });
});
