import { setTimeout as delay } from 'node:timers/promises';
import { errorText } from '../../kit/errors/ark-error.js';
import type { ObjectKey } from '../../kit/resource/object.js';
import { apiHeaders } from '../api/api-headers.js';
import { QUERY } from '../cluster/ark-kinds.js';
import type { Cluster } from '../cluster/cluster.js';
import type { CliContext } from '../context.js';
import { CommandFailure, ExitCode } from '../exit-code.js';
import { AnswerPrinter } from './answer-printer.js';
import { answerChunks, streamUrl } from './answer-stream.js';
import { followQuery, isPassing } from './follow-query.js';
import { Progress } from './progress.js';
import { eventLine, eventRecord, followEvents } from './query-events.js';
import { contentOf, failureText, isTimeout, phaseOf, type QueryObject } from './query-object.js';
import { type OutputFormat, printQuery } from './query-output.js';

export interface RunOptions {
  output: OutputFormat;
  /** Events and token usage on stderr. */
  verbose: boolean;
  /** Nothing on stderr but errors. */
  quiet: boolean;
  stream: boolean;
  /** How long to wait here; the Query has its own time-out. */
  waitMs: number;
  /** Whether the Query stays after its answer is printed. */
  keep: boolean;
}

/** The Query's own time-out should win, and its verdict should reach us. */
const WAIT_GRACE_MS = 1_000;
/** How long the stream may lag behind the final status, and late Events behind both. */
const STREAM_LAG_MS = 2_000;
const EVENT_LAG_MS = 300;
const CANCEL_LIMIT_MS = 5_000;
const CANCEL_RETRY_MS = 250;

/** Creates a Query, follows it to its end, prints the answer, and tells the exit code. */
export async function runQuery(
  cluster: Cluster,
  query: QueryObject,
  options: RunOptions,
  context: CliContext,
): Promise<ExitCode> {
  const created = await cluster.client.create(QUERY, query);
  const run = new QueryRun(cluster, created, options, context);
  try {
    return await run.toEnd();
  } finally {
    if (!options.keep && !run.needsPerson) await cluster.client.delete(QUERY, run.key).catch(() => undefined);
  }
}

class QueryRun {
  readonly key: ObjectKey & { namespace: string };
  private readonly stop = new AbortController();
  private readonly progress: Progress;
  private readonly printer: AnswerPrinter;
  private interrupted = false;
  /** Whoever decides must find it. */
  needsPerson = false;

  constructor(
    private readonly cluster: Cluster,
    private readonly created: QueryObject,
    private readonly options: RunOptions,
    private readonly context: CliContext,
  ) {
    this.key = { name: created.metadata.name, namespace: created.metadata.namespace ?? cluster.namespace };
    this.progress = new Progress(context.terminal);
    this.printer = new AnswerPrinter(context.terminal, { quiet: options.quiet });
  }

  async toEnd(): Promise<ExitCode> {
    const ignoreInterrupts = this.context.terminal.onInterrupt(() => this.interrupt());
    const events = this.tellEvents();
    const stream = this.tellStream();
    try {
      const settled = await this.settle();
      await Promise.race([stream, delay(STREAM_LAG_MS, undefined, { ref: false })]);
      if (this.options.verbose || this.options.output === 'events') await delay(EVENT_LAG_MS);
      this.progress.clear();
      return this.conclude(settled);
    } finally {
      this.progress.clear();
      ignoreInterrupts();
      this.stop.abort();
      await Promise.allSettled([events, stream]);
    }
  }

  private async settle(): Promise<QueryObject> {
    if (!this.options.quiet) this.progress.show('waiting');
    const deadline = AbortSignal.timeout(this.options.waitMs + WAIT_GRACE_MS);
    const signal = AbortSignal.any([deadline, this.stop.signal]);
    try {
      return await followQuery(this.cluster, this.created, {
        signal,
        onChange: (query) => this.progressText(query),
      });
    } catch (error) {
      if (this.interrupted) throw new CommandFailure(ExitCode.interrupted, 'Interrupted.', 'Interrupted');
      if (!deadline.aborted) throw error;
      throw new CommandFailure(
        ExitCode.timeout,
        `No answer within ${Math.round(this.options.waitMs / 1000)} s. Query "${this.key.name}" may still be running; ` +
          `see "ark get query ${this.key.name}".`,
        'Timeout',
        this.details(),
      );
    }
  }

  private conclude(query: QueryObject): ExitCode {
    const phase = phaseOf(query);
    if (phase === 'done') {
      if (this.options.output === 'text') this.printer.finish(contentOf(query));
      else printQuery(query, this.options.output, this.context);
      this.tellUsage(query);
      return ExitCode.ok;
    }
    this.printer.breakOff();
    const details = { ...this.details(), phase };
    if (phase === 'canceled') {
      const code = this.interrupted ? ExitCode.interrupted : ExitCode.failed;
      throw new CommandFailure(code, `Query "${this.key.name}" was canceled.`, 'QueryCanceled', details);
    }
    if (phase === 'input-required') {
      this.needsPerson = true;
      const { name, namespace } = this.key;
      const text = `Query "${name}" waits for a person: ${failureText(query)}`;
      const next = `Answer with: ark answer ${name} -n ${namespace} TEXT`;
      throw new CommandFailure(ExitCode.needsPerson, `${text}\n${next}`, 'InputRequired', details);
    }
    if (isTimeout(query)) throw new CommandFailure(ExitCode.timeout, failureText(query), 'QueryTimeout', details);
    throw new CommandFailure(ExitCode.failed, failureText(query), 'QueryErrored', details);
  }

  /** First Ctrl-C: ask the server to cancel. Second: leave at once. */
  private interrupt(): void {
    if (this.interrupted) {
      this.progress.clear();
      this.context.terminal.exit(ExitCode.interrupted);
      return;
    }
    this.interrupted = true;
    this.progress.clear();
    this.printer.breakOff();
    this.context.terminal.err(`Cancelling ${this.key.name}. Press Ctrl-C again to leave at once.\n`);
    setTimeout(() => this.stop.abort(), CANCEL_LIMIT_MS).unref();
    this.cancel().catch((error) => {
      this.context.terminal.err(`Could not cancel ${this.key.name}: ${errorText(error)}\n`);
      this.stop.abort();
    });
  }

  private async cancel(): Promise<void> {
    for (const deadline = Date.now() + CANCEL_LIMIT_MS; ; await delay(CANCEL_RETRY_MS)) {
      try {
        await this.cluster.client.mergePatch(QUERY, this.key, { spec: { cancel: true } });
        return;
      } catch (error) {
        if (Date.now() >= deadline || !isPassing(error)) throw error;
        await this.cluster.relocate();
      }
    }
  }

  private async tellStream(): Promise<void> {
    const { apiUrl } = this.cluster;
    if (this.options.output !== 'text' || !this.options.stream || !apiUrl) return;
    const url = streamUrl(apiUrl, this.key);
    const headers = apiHeaders(this.context.terminal.env, this.cluster);
    try {
      for await (const chunk of answerChunks(url, { headers, signal: this.stop.signal })) {
        if (chunk.choices) this.progress.clear();
        this.printer.chunk(chunk);
      }
    } catch (error) {
      // The final status has the whole answer; the stream only makes it come sooner.
      if (this.options.verbose && !this.stop.signal.aborted) {
        this.context.terminal.err(`No live stream (${errorText(error)}); the answer comes at the end.\n`);
      }
    }
  }

  private async tellEvents(): Promise<void> {
    const { terminal } = this.context;
    if (!this.options.verbose && this.options.output !== 'events') return;
    const onEvent = (event: Parameters<typeof eventLine>[1]) => {
      this.progress.clear();
      if (this.options.output === 'events') terminal.out(eventRecord(event));
      else terminal.err(eventLine(terminal, event));
    };
    await followEvents(this.cluster, this.key, { signal: this.stop.signal, onEvent }).catch(() => undefined);
  }

  private progressText(query: QueryObject): void {
    if (this.options.quiet || this.interrupted) return;
    const note = query.status?.conditions?.find((condition) => condition.type === 'Completed')?.message;
    this.progress.show(phaseOf(query) === 'provisioning' && note ? note : phaseOf(query));
  }

  private tellUsage(query: QueryObject): void {
    const usage = query.status?.tokenUsage;
    if (!this.options.verbose || !usage?.totalTokens) return;
    const { promptTokens = 0, completionTokens = 0, totalTokens } = usage;
    const paid = (query.status?.cost ?? []).map(({ amount, currency }) => `${amount} ${currency}`);
    const cost = paid.length > 0 ? `; cost: ${paid.join(', ')}` : '';
    this.context.terminal.err(
      `tokens: ${promptTokens} prompt, ${completionTokens} completion, ${totalTokens} total${cost}\n`,
    );
  }

  private details(): Record<string, unknown> {
    return { query: this.key.name, namespace: this.key.namespace };
  }
}
