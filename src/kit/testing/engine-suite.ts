import { deepStrictEqual, ok, rejects, strictEqual, throws } from 'node:assert/strict';
import { type Engine, type EngineEvent, engines } from '../engine/engine.js';
import type { ExecutionContext, ExecutionRequest } from '../engine/execution.js';
import { readOptions } from '../engine/options.js';
import { executionContext, executionRequest } from './requests.js';

/** An engine on trial: how to make it, and what it must say. */
export interface EngineTrial {
  /** A fresh instance of a class marked with `@ExecutionEngine`. */
  engine: Engine<never>;
  /** The whole answer the engine owes to a text. */
  answer(text: string): string;
  /** The request that asks a text. Default: `executionRequest({ text })` with the defaults of the options class. */
  request?(text: string): ExecutionRequest<never>;
  /** What the runtime lends, e.g. a model. Default: `executionContext()`. */
  context?(): Partial<ExecutionContext>;
  /** A request whose answer takes at least two seconds, to be cut short. Absent: the abort case asks a long text. */
  slow?: ExecutionRequest<never>;
  /** Options that must be refused. Default: a field nobody declares. */
  badOptions?: Record<string, unknown>;
  /** A request or a loan that makes the engine fail. */
  failure?: { request?: ExecutionRequest<never>; context?: Partial<ExecutionContext>; message: RegExp };
}

/** One case of the contract, for test runners without global `describe` and `it`. */
export interface SuiteCase {
  title: string;
  run(): Promise<void>;
}

interface Globals {
  describe?: (title: string, body: () => void) => void;
  it?: (title: string, body: () => Promise<void>) => void;
}

/**
 * The contract every engine keeps, as test cases.
 *
 * With global `describe` and `it` (Jest, Mocha, Vitest with globals) it registers them; it returns them in any case.
 *
 * @example
 * ```ts
 * engineSuite('echo', () => ({ engine: new EchoEngine(), answer: (text) => text }));
 * ```
 */
export function engineSuite(name: string, make: () => EngineTrial | Promise<EngineTrial>): SuiteCase[] {
  const cases = CASES.map(([title, check]) => ({ title, run: async () => check(new Trial(await make())) }));
  const { describe, it } = globalThis as Globals;
  if (describe && it) {
    describe(`engine contract: ${name}`, () => {
      for (const { title, run } of cases) it(title, run);
    });
  }
  return cases;
}

const CASES: [title: string, check: (trial: Trial) => Promise<void>][] = [
  ['carries the mark of an engine', async (trial) => ok(trial.mark, 'the class lacks @ExecutionEngine')],
  [
    'answers a text',
    async (trial) => strictEqual(await trial.ask('How are you today?'), trial.answer('How are you today?')),
  ],
  [
    'says the pieces of its answer in order, none of them empty',
    async (trial) => {
      const said = 'one two three four five six seven eight';
      const pieces = texts(await collect(trial.run(said)));
      deepStrictEqual(
        pieces.filter((piece) => piece === ''),
        [],
      );
      strictEqual(pieces.join(''), trial.answer(said));
      const streams = trial.mark?.options.streaming !== false;
      if (streams && trial.answer(said).includes(' ')) ok(pieces.length > 1, 'it declares streaming and spoke once');
    },
  ],
  [
    'keeps calls that run at the same time apart',
    async (trial) => {
      const said = Array.from({ length: 8 }, (_, i) => `question number ${i}`);
      const answers = await Promise.all(said.map((text) => trial.ask(text)));
      deepStrictEqual(
        answers,
        said.map((text) => trial.answer(text)),
      );
    },
  ],
  ['stops when its signal is aborted', (trial) => trial.stopsOnAbort()],
  [
    'does no work for a signal that is aborted already',
    async (trial) => {
      const run = collect(trial.run('too late', { signal: AbortSignal.abort() }));
      await rejects(run, () => true, 'it answered although nobody waits');
    },
  ],
  [
    'refuses options it does not know',
    async (trial) => {
      const bad = trial.trial.badOptions ?? { 'surely-not-an-option': true };
      throws(() => readOptions(trial.mark?.options.options, bad, 'options'), { family: 'Invalid' });
    },
  ],
  [
    'fails with an error that says why',
    async (trial) => {
      const { failure } = trial.trial;
      if (!failure) return;
      const run = collect(trial.run('please fail', failure.context, failure.request));
      await rejects(run, (error: Error) => failure.message.test(error.message));
    },
  ],
];

class Trial {
  constructor(readonly trial: EngineTrial) {}

  get mark() {
    return engines.markOf(this.trial.engine.constructor);
  }

  answer(text: string): string {
    return this.trial.answer(text);
  }

  run(text: string, lent: Partial<ExecutionContext> = {}, request = this.request(text)): AsyncIterable<EngineEvent> {
    return this.trial.engine.execute(request, executionContext({ ...this.trial.context?.(), ...lent }));
  }

  async ask(text: string): Promise<string> {
    return texts(await collect(this.run(text))).join('');
  }

  /** Aborts at the first sign of life, or after 50 ms; the run must end within a second of that, one way or other. */
  async stopsOnAbort(): Promise<void> {
    const abort = new AbortController();
    const request = this.trial.slow ?? this.request('word '.repeat(2_000));
    let spoken = '';
    const run = (async () => {
      for await (const event of this.run('', { signal: abort.signal }, request)) {
        if (event.type === 'text') spoken += event.text;
        abort.abort();
      }
    })();
    const timer = setTimeout(() => abort.abort(), 50);
    const ended = await Promise.race([run.then(...ENDED), later(1_050)]);
    clearTimeout(timer);
    ok(ended, 'it went on for a second after its signal was aborted');
    const whole = this.answer(request.userInput.content);
    ok(spoken.length < whole.length, 'it said its whole answer although its signal was aborted');
  }

  private request(text: string): ExecutionRequest<never> {
    if (this.trial.request) return this.trial.request(text);
    const options = readOptions(this.mark?.options.options, {}, 'options') as never;
    return executionRequest<never>({ text, options });
  }
}

const ENDED = [() => true, () => true] as const;
const later = (ms: number) => new Promise<false>((done) => setTimeout(() => done(false), ms).unref());
const texts = (events: EngineEvent[]) => events.flatMap((event) => (event.type === 'text' ? [event.text] : []));

async function collect(run: AsyncIterable<EngineEvent>): Promise<EngineEvent[]> {
  const events: EngineEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}
