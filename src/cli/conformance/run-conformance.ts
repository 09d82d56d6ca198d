import { errorText } from '../../kit/errors/ark-error.js';
import { type HeaderFlags, headersIn } from '../a2a/header-flags.js';
import { type Cluster, type ClusterOptions, openCluster } from '../cluster/cluster.js';
import type { CliContext } from '../context.js';
import { parseDuration } from '../duration.js';
import { ExitCode, UsageError } from '../exit-code.js';
import { printJson } from '../output/print.js';
import { paint, type Terminal } from '../terminal.js';
import { judgeEngine, type Outcome, type Verdict } from './judge-engine.js';
import { dialectsOf, readCard, refuseStranger } from './read-card.js';
import type { Trial } from './trial.js';
import { makeQueries } from './trial-queries.js';
import { wireWith } from './wire.js';

export interface ConformanceFlags extends ClusterOptions, HeaderFlags {
  output: string;
  agent?: string;
  input: string;
  timeout: string;
  /** False: only what needs no Query. */
  cluster: boolean;
}

const MARKS: Record<Outcome, [word: string, colour: 'green' | 'red' | 'yellow' | 'grey']> = {
  passed: ['ok  ', 'green'],
  failed: ['FAIL', 'red'],
  warned: ['warn', 'yellow'],
  skipped: ['skip', 'grey'],
};
const OBJECT_NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Holds the engine at an address to its contract and prints what became of it; exit code 1 where it breaks one. */
export async function runConformance(address: string, flags: ConformanceFlags, context: CliContext): Promise<ExitCode> {
  const { terminal } = context;
  if (!['text', 'json'].includes(flags.output)) throw new UsageError(`Unknown output "${flags.output}": text or json.`);
  const url = baseUrl(address);
  const timeoutMs = parseDuration(flags.timeout);
  const wire = wireWith(headersIn(flags));
  const card = await readCard(url, wire, timeoutMs);
  if (!card) await refuseStranger(url, wire, timeoutMs);
  const dialects = dialectsOf(card, url, wire);
  const trial: Trial = {
    url,
    wire,
    card,
    dialects,
    question: flags.input,
    timeoutMs,
    noQuery: '--no-cluster was given',
  };
  const asText = flags.output === 'text';
  if (asText) terminal.out(`Engine at ${url}, spoken to in ${dialects.map(({ name }) => name).join(', ')}\n\n`);
  const tell = (verdict: Verdict) => asText && terminal.out(line(verdict, terminal));
  const verdicts = await withQueries(trial, flags, context, () => judgeEngine(trial, tell));
  const totals = count(verdicts);
  if (asText)
    terminal.out(
      `\n${Object.entries(totals)
        .map(([outcome, number]) => `${number} ${outcome}`)
        .join(', ')}\n`,
    );
  else terminal.out(printJson({ url, engine: card?.name ?? null, ...totals, cases: verdicts }));
  return totals.failed > 0 ? ExitCode.failed : ExitCode.ok;
}

async function withQueries<T>(
  trial: Trial,
  flags: ConformanceFlags,
  context: CliContext,
  work: () => Promise<T>,
): Promise<T> {
  if (!flags.cluster) return work();
  let cluster: Cluster | undefined;
  try {
    cluster = await openCluster(context.terminal, flags);
    const name =
      typeof trial.card?.name === 'string' && OBJECT_NAME.test(trial.card.name) ? trial.card.name : 'conformance';
    const { queries, remove } = await makeQueries(cluster, name, trial.question, flags.agent);
    trial.queries = queries;
    const ignoreInterrupts = context.terminal.onInterrupt(() => {
      void remove().finally(() => context.terminal.exit(ExitCode.interrupted));
    });
    try {
      return await work();
    } finally {
      ignoreInterrupts();
      await remove();
    }
  } catch (error) {
    if (trial.queries) throw error;
    throw new UsageError(
      `The cases need a Query that the engine can read, and none could be made: ${errorText(error)} ` +
        'Point to the cluster of the engine, or give --no-cluster to judge only what needs none.',
    );
  } finally {
    cluster?.close();
  }
}

function baseUrl(address: string): string {
  const text = /^https?:\/\//.test(address) ? address : `http://${address}`;
  if (!URL.canParse(text)) throw new UsageError(`"${address}" is not an address; write it like http://127.0.0.1:8000.`);
  const url = new URL(text);
  return `${url.origin}${url.pathname.replace(/\/*$/, '/')}`;
}

function count(verdicts: Verdict[]): Record<Outcome, number> {
  const totals: Record<Outcome, number> = { passed: 0, failed: 0, warned: 0, skipped: 0 };
  for (const { outcome } of verdicts) totals[outcome] += 1;
  return totals;
}

function line({ title, outcome, detail }: Verdict, terminal: Terminal): string {
  const [word, colour] = MARKS[outcome];
  const mark = terminal.outIsTty ? paint(terminal, colour, word) : word;
  return `${mark}  ${title}${detail ? `\n      ${detail}` : ''}\n`;
}
