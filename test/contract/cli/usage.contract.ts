import { describe, expect, it } from '@jest/globals';
import { run } from '../../../src/cli/main.js';
import { RecordingTerminal } from './recording-terminal.js';

describe('the command line, before anything is sent', () => {
  const wrong: [string, string[], RegExp][] = [
    ['an unknown verb', ['frobnicate'], /unknown command 'frobnicate'/],
    ['an unknown flag', ['agent', 'a', 'hi', '--loud'], /unknown option '--loud'/],
    ['an unknown output', ['agent', 'a', 'hi', '-o', 'xml'], /text, json, yaml, name, events/],
    ['an unknown list output', ['get', 'agents', '-o', 'xml'], /table, wide, json, yaml, name/],
    ['an unknown target', ['query', 'ghost/a', 'hi'], /agent, team, model, tool/],
    ['a target without a name', ['query', 'agent/', 'hi'], /write it as agent\/NAME/],
    ['no text', ['agent', 'a'], /What should a be asked/],
    ['two inputs', ['agent', 'a', 'hi', '-i', 'hi'], /Give the input once/],
    ['verbose and quiet', ['agent', 'a', 'hi', '-v', '-q'], /exclude each other/],
    ['a bad duration', ['agent', 'a', 'hi', '--timeout', '5 minutes'], /90s, 5m or 1h30m/],
    ['a bad parameter', ['agent', 'a', 'hi', '-p', 'novalue'], /name=value/],
    ['nothing to delete', ['delete', 'agent'], /KIND NAME/],
    ['a manifest that is not there', ['apply', '-f', 'absent.yaml'], /There is no file or folder/],
    ['an unknown shell', ['completion', 'tcsh'], /bash, zsh and fish/],
  ];
  it.each(wrong)('refuses %s with exit code 2', async (_, args, message) => {
    const terminal = new RecordingTerminal('/nonexistent');
    expect(await run(args, terminal, 'ark')).toBe(2);
    expect(terminal.stderr).toMatch(message);
    expect(terminal.stdout).toBe('');
  });

  it('says how to get a cluster where there is none', async () => {
    const terminal = new RecordingTerminal('/nonexistent');
    expect(await run(['get', 'agents'], terminal, 'ark')).toBe(1);
    expect(terminal.stderr).toContain('ark start');
  });

  it('waits for a runtime only as long as it is told to, and says what it saw', async () => {
    const terminal = new RecordingTerminal('/nonexistent');
    expect(await run(['status', '--data-dir', 'none', '--wait-for-ready', '300ms'], terminal, 'ark')).toBe(3);
    expect(terminal.stderr).toContain('There is no runtime in /nonexistent/none');
  });

  it('lists every verb in its help, which goes to stdout', async () => {
    const terminal = new RecordingTerminal('/nonexistent');
    expect(await run(['--help'], terminal, 'ark')).toBe(0);
    for (const verb of ['agent', 'apply', 'completion', 'delete', 'get', 'query', 'start', 'status', 'version']) {
      expect(terminal.stdout).toMatch(new RegExp(`^  ${verb}\\b`, 'm'));
    }
  });

  it.each(['bash', 'zsh', 'fish'])('prints a completion script for %s that knows the verbs', async (shell) => {
    const terminal = new RecordingTerminal('/nonexistent');
    expect(await run(['completion', shell], terminal, 'ark')).toBe(0);
    expect(terminal.stdout).toContain('apply completion delete get');
  });
});
