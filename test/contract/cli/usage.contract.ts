import { describe, expect, it } from '@jest/globals';
import { run } from '../../../src/cli/main.js';
import { run as execute } from '../../harness/runtime.js';
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
    ['an empty input', ['agent', 'a', ' '], /The input is empty/],
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
    expect(terminal.stdout).toMatch(/apply completion delete \w/);
  });

  const completed: [string, string[], string[]][] = [
    ['verbs', ['ark', 'co'], ['completion']],
    ['verbs of the other name', ['fark', 'te'], ['team', 'teams']],
    ['flags', ['fark', 'agent', '--time'], ['--timeout']],
    ['kinds', ['ark', 'get', 'a2at'], ['a2atasks']],
    ['shells', ['ark', 'completion', ''], ['bash', 'zsh', 'fish']],
    ['names in the cluster', ['ark', 'agent', 'pa'], ['parrot']],
    ['names of a kind', ['fark', 'get', 'agents', ''], ['parrot', 'polly']],
  ];
  it.each(completed)('completes %s in bash', async (_, words, offer) => {
    const terminal = new RecordingTerminal('/nonexistent');
    await run(['completion', 'bash'], terminal, 'fark');
    const script = `${terminal.stdout}
ark() { [ "$1" = get ] && printf 'parrot\npolly\n'; }
fark() { ark "$@"; }
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
$(complete -p ${words[0]} | awk '{ for (i = 1; i < NF; i++) if ($i == "-F") print $(i + 1) }'); printf '%s\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = await execute('bash', ['-c', script]);
    expect({ stderr, offer: stdout.trim().split('\n') }).toEqual({ stderr: '', offer });
  });
});
