import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { CliContext } from '../context.js';
import { parseDuration } from '../duration.js';
import { UsageError } from '../exit-code.js';
import type { NameValue } from './query-object.js';
import { OUTPUT_FORMATS, type OutputFormat } from './query-output.js';
import type { RunOptions } from './run-query.js';

/** The flags that every command which asks something understands. */
export interface QueryFlags {
  input?: string;
  file?: string;
  timeout?: string;
  output: string;
  verbose?: boolean;
  quiet?: boolean;
  stream: boolean;
  param?: string[];
  parameter?: string[];
  sessionId?: string;
  conversationId?: string;
  namespace?: string;
  kubeconfig?: string;
  context?: string;
  dataDir?: string;
}

const MAX_INPUT_BYTES = 1 << 20;
const DEFAULT_WAIT_MS = 300_000;

const collect = (value: string, all: string[] = []) => [...all, value];

export function addConnectionFlags(command: Command): Command {
  return command
    .option('-n, --namespace <name>', 'namespace (default: of the context)')
    .option('--kubeconfig <file>', 'kubeconfig of the cluster')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--data-dir <folder>', 'data folder of a runtime on this machine (default: .ark)');
}

export function addQueryFlags(command: Command): Command {
  return addConnectionFlags(command)
    .option('-i, --input <text>', 'input text')
    .option('-f, --file <path>', 'read the input from a file, at most 1 MiB; - is stdin')
    .option('--timeout <duration>', 'time limit of the query, e.g. 90s (default: 5m)')
    .option('-o, --output <format>', OUTPUT_FORMATS.join('|'), 'text')
    .option('-v, --verbose', 'events and token usage on stderr')
    .option('-q, --quiet', 'nothing on stderr but errors')
    .option('-p, --param <name=value>', 'parameter of the query; repeatable', collect)
    .addOption(new Option('--parameter <name=value>', 'same as --param').argParser(collect).hideHelp())
    .option('--session-id <id>', 'session the query belongs to')
    .option('--conversation-id <id>', 'conversation to continue')
    .option('--no-stream', 'print the answer when it is complete');
}

/** The flags, checked before anything is asked or paid for. */
export function runOptions(flags: QueryFlags, context: CliContext): RunOptions {
  const output = OUTPUT_FORMATS.find((format) => format === flags.output);
  if (!output) throw new UsageError(`Unknown output "${flags.output}"; choose one of ${OUTPUT_FORMATS.join(', ')}.`);
  if (flags.verbose && flags.quiet) throw new UsageError('--verbose and --quiet exclude each other.');
  const timeout = timeoutOf(flags, context);
  return {
    output: output satisfies OutputFormat,
    verbose: flags.verbose ?? (context.alias === 'fark' && !flags.quiet),
    quiet: flags.quiet ?? false,
    stream: flags.stream,
    waitMs: timeout ? parseDuration(timeout) : DEFAULT_WAIT_MS,
    keep: context.alias !== 'fark',
  };
}

export const timeoutOf = (flags: QueryFlags, context: CliContext): string | undefined =>
  flags.timeout ?? (context.terminal.env.ARK_QUERY_TIMEOUT || undefined);

/** Flags that go into the Query itself. */
export function wishesOf(flags: QueryFlags, context: CliContext) {
  const { env } = context.terminal;
  return {
    parameters: parametersOf(flags),
    timeout: timeoutOf(flags, context),
    sessionId: flags.sessionId ?? (env.ARK_SESSION_ID || undefined),
    conversationId: flags.conversationId ?? (env.ARK_CONVERSATION_ID || undefined),
  };
}

/** Parameters under both names of the flag. */
export const parametersOf = (flags: Pick<QueryFlags, 'param' | 'parameter'>): NameValue[] =>
  parseParameters([...(flags.param ?? []), ...(flags.parameter ?? [])]);

/** `name=value` pairs; the value may contain `=`. */
export function parseParameters(pairs: string[]): NameValue[] {
  return pairs.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`"${pair}" is not a parameter; write it as name=value.`);
    return { name: pair.slice(0, at), value: pair.slice(at + 1) };
  });
}

/**
 * The input from words, `-i` or `-f`, which exclude each other; undefined when none is given.
 *
 * @throws UsageError for one that does not fit into a Query
 */
export async function inputOf(
  words: string[],
  flags: Pick<QueryFlags, 'input' | 'file'>,
  context: CliContext,
): Promise<string | undefined> {
  const input = await readInput(words, flags, context);
  if (input === undefined) return undefined;
  if (input.trim() === '') throw new UsageError('The input is empty: write what to ask.');
  refuseLarge(Buffer.byteLength(JSON.stringify(input)));
  return input;
}

async function readInput(
  words: string[],
  flags: Pick<QueryFlags, 'input' | 'file'>,
  context: CliContext,
): Promise<string | undefined> {
  const given = [words.length > 0, flags.input !== undefined, flags.file !== undefined].filter(Boolean).length;
  if (given > 1) throw new UsageError('Give the input once: as words, with --input, or with --file.');
  if (words.length > 0) return words.join(' ');
  if (flags.file === undefined) return flags.input;
  if (flags.file === '-') return context.terminal.readInput();
  const path = resolve(context.terminal.cwd, flags.file);
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new UsageError(`There is no file ${path}.`);
  if (found.isDirectory()) throw new UsageError(`${path} is a folder, and a file is needed.`);
  // What is far too large is not even read.
  refuseLarge(found.size);
  return readFile(path, 'utf8');
}

function refuseLarge(bytes: number): void {
  if (bytes <= MAX_INPUT_BYTES) return;
  throw new UsageError(
    `The input takes ${(bytes / (1 << 20)).toFixed(2)} MiB, and a Query takes at most 1 MiB: it keeps input and answer ` +
      'together in one object of 1.5 MiB. Send a part of it, or put it where the agent can read it.',
  );
}
