import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../../src/cli/main.js';
import { eventually } from '../../harness/eventually.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';
import { RecordingTerminal } from './recording-terminal.js';
import { ScriptedCluster } from './scripted-cluster.js';

describe('asking from the command line', () => {
  let cluster: ScriptedCluster;
  let terminal: RecordingTerminal;
  const folder = temporaryFolder();
  beforeEach(async () => {
    cluster = await ScriptedCluster.start(folder());
    terminal = new RecordingTerminal(cluster.folder, { ARK_DATA_DIR: cluster.folder });
  });
  afterEach(() => cluster.close());

  const ark = (...args: string[]) => run(args, terminal, '/usr/bin/ark');
  const only = () => [...cluster.queries.values()][0]!;

  it('prints the answer, nothing else, and ends with 0', async () => {
    expect(await ark('query', 'agent/parrot', 'Hello', 'there')).toBe(0);
    expect(terminal.stdout).toBe('Hello back\n');
    expect(terminal.stderr).toBe('');
    expect(only().spec).toEqual({ target: { type: 'agent', name: 'parrot' }, input: 'Hello there' });
    expect(only().metadata.name).toMatch(/^cli-query-\d{10}-[a-z0-9]{5}$/);
  });

  it('streams the text as it comes and ends the line', async () => {
    cluster.deltas = ['Hel', 'lo ', 'back'];
    expect(await ark('agent', 'parrot', 'hi')).toBe(0);
    expect(terminal.stdout).toBe('Hello back\n');
  });

  it('completes the text from the Query when the stream ends too soon', async () => {
    cluster.deltas = ['Hello'];
    expect(await ark('agent', 'parrot', 'hi')).toBe(0);
    expect(terminal.stdout).toBe('Hello back\n');
  });

  it('keeps the Query as ark and deletes it as fark, which prints only the response in json', async () => {
    await ark('agent', 'parrot', 'hi');
    expect(cluster.deleted).toEqual([]);
    terminal.stdout = '';
    expect(await run(['agent', 'parrot', 'hi', '-q', '-o', 'json'], terminal, '/usr/bin/fark')).toBe(0);
    expect(JSON.parse(terminal.stdout)).toEqual({ response: 'Hello back' });
    expect(cluster.deleted).toHaveLength(1);
  });

  it('puts exactly one JSON document on stdout in json mode', async () => {
    expect(await ark('query', 'agent/parrot', 'hi', '-o', 'json')).toBe(0);
    expect(JSON.parse(terminal.stdout)).toMatchObject({ status: { phase: 'done' } });
  });

  it('carries parameters, ids and the time-out into the Query', async () => {
    const flags = [
      '-p',
      'a=1',
      '--parameter',
      'b=x=y',
      '--session-id',
      's',
      '--conversation-id',
      'c',
      '--timeout',
      '9s',
    ];
    expect(await ark('agent', 'parrot', '-i', 'hi', ...flags)).toBe(0);
    expect(only().spec).toMatchObject({
      input: 'hi',
      timeout: '9s',
      sessionId: 's',
      conversationId: 'c',
      parameters: [
        { name: 'a', value: '1' },
        { name: 'b', value: 'x=y' },
      ],
    });
  });

  it('reads the input from a file or from stdin', async () => {
    await writeFile(join(cluster.folder, 'input.txt'), 'from a file');
    expect(await ark('agent', 'parrot', '-f', 'input.txt')).toBe(0);
    expect(only().spec.input).toBe('from a file');
    cluster.queries.clear();
    terminal.input = 'from stdin';
    expect(await ark('agent', 'parrot', '-f', '-')).toBe(0);
    expect(only().spec.input).toBe('from stdin');
  });

  it('asks a stored query again under a new name', async () => {
    await ark('agent', 'parrot', 'first');
    const stored = only();
    expect(await ark('query', stored.metadata.name, 'second')).toBe(0);
    const again = [...cluster.queries.values()][1]!;
    expect(again.metadata.name).toMatch(/^cli-trigger-/);
    expect(again.spec).toEqual({ target: { type: 'agent', name: 'parrot' }, input: 'second' });
    expect(again.metadata.annotations['ark.mckinsey.com/triggered-from']).toBe(stored.metadata.name);
  });

  const endings: [string, Record<string, unknown>, number, RegExp][] = [
    ['an error', { phase: 'error', response: { content: 'no quota' } }, 1, /no quota/],
    ['a cancellation', { phase: 'canceled' }, 1, /canceled/],
    ['a time-out', { phase: 'error', response: { content: 'context deadline exceeded' } }, 3, /deadline/],
    [
      'a person who must act',
      { phase: 'input-required' },
      4,
      /waits for a person[\s\S]*\nAnswer with: ark answer cli-query-\S+ -n default TEXT/,
    ],
  ];
  it.each(endings)('tells %s by its exit code', async (_, status, code, message) => {
    cluster.statuses = [status];
    expect(await ark('agent', 'parrot', 'hi')).toBe(code);
    expect(terminal.stdout).toBe('');
    expect(terminal.stderr).toMatch(message);
  });

  it('writes errors of json mode as JSON on stderr', async () => {
    cluster.statuses = [{ phase: 'error', response: { content: 'no quota' } }];
    expect(await ark('agent', 'parrot', 'hi', '-o', 'json')).toBe(1);
    expect(terminal.stdout).toBe('');
    expect(JSON.parse(terminal.stderr)).toMatchObject({
      error: { code: 'QueryErrored', message: 'no quota', details: { namespace: 'default', phase: 'error' } },
    });
  });

  it('cancels the Query at the first Ctrl-C and leaves at the second', async () => {
    cluster.statuses = [{ phase: 'running' }];
    const ended = ark('agent', 'parrot', 'hi');
    await eventually(() => expect(only().status?.phase).toBe('running'));
    terminal.pressCtrlC();
    terminal.pressCtrlC();
    expect(await ended).toBe(130);
    expect(only().spec.cancel).toBe(true);
    expect(terminal.exited).toBe(130);
  });

  it('names the agents there are when the one asked for is missing, without making a Query', async () => {
    expect(await ark('agent', 'polly', 'hi')).toBe(1);
    expect(terminal.stderr).toContain('There is no agent "polly" in namespace "default"; there are: parrot.');
    expect(cluster.queries.size).toBe(0);
  });

  it('says that the runtime is not running instead of "connection refused"', async () => {
    const kubeconfig = JSON.stringify({
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c' } }],
      clusters: [{ name: 'c', cluster: { server: 'http://127.0.0.1:1' } }],
    });
    await writeFile(join(cluster.folder, 'kubeconfig'), kubeconfig);
    // What a runtime leaves behind when it ends.
    await rm(join(cluster.folder, 'endpoints.json'));
    await writeFile(join(cluster.folder, 'objects.db'), '');
    expect(await ark('get', 'agents')).toBe(1);
    expect(terminal.stderr).toContain(`Start it with "ark start --data-dir ${cluster.folder}"`);
  });
});
