import { deepStrictEqual, ok, rejects, strictEqual, throws } from 'node:assert/strict';
import type { Message, TokenUsage, ToolCall } from '../engine/message.js';
import type { ErrorFamily } from '../errors/ark-error.js';
import {
  type CompletionRequest,
  type ModelConfig,
  type ModelEvent,
  type ModelProvider,
  modelProviders,
  type ToolDescription,
} from '../model/model-provider.js';
import type { SuiteCase } from './engine-suite.js';

/** A model provider on trial: how to make it, a model behind it, and what that model says. */
export interface ModelProviderTrial {
  /** A fresh instance of a class marked with `@ProvidesModels`. */
  provider: ModelProvider;
  /** A model that answers. */
  config: ModelConfig;
  /** The whole answer that model owes to a text. */
  answer(text: string): string;
  /** What it reports for `How are you today?`. Absent: the provider counts nothing. */
  usage?: TokenUsage;
  /** A tool, and the call with which the model answers when it is offered. */
  tool?: { offered: ToolDescription; call: Pick<ToolCall, 'name' | 'arguments'> };
  /** A model that begins and does not end. Its `idleTimeoutMs` is at most 500. */
  silent?: ModelConfig;
  /** Models that are refused or fail, with the family of the error. */
  failures?: { config: ModelConfig; family: ErrorFamily }[];
  /** Settings that `open` must refuse. */
  badSettings: Record<string, unknown>;
  /** Keys in the configurations above; no message may hold them. */
  secrets?: string[];
}

interface Globals {
  describe?: (title: string, body: () => void) => void;
  it?: (title: string, body: () => Promise<void>) => void;
}

/**
 * The contract every model provider keeps, as test cases.
 *
 * With global `describe` and `it` (Jest, Mocha, Vitest with globals) it registers them; it returns them in any case.
 *
 * @example
 * ```ts
 * modelProviderSuite('parrot', () => ({
 *   provider: new ParrotModelProvider(), config, answer: (text) => text, badSettings: { volume: 'loud' },
 * }));
 * ```
 */
export function modelProviderSuite(
  name: string,
  make: () => ModelProviderTrial | Promise<ModelProviderTrial>,
): SuiteCase[] {
  const cases = CASES.map(([title, check]) => ({ title, run: async () => check(new Trial(await make())) }));
  const { describe, it } = globalThis as Globals;
  if (describe && it) {
    describe(`model provider contract: ${name}`, () => {
      for (const { title, run } of cases) it(title, run);
    });
  }
  return cases;
}

const ASKED = 'How are you today?';
const LONG_ENOUGH_MS = 5_000;

const CASES: [title: string, check: (trial: Trial) => Promise<void>][] = [
  [
    'carries the mark of a model provider',
    async ({ trial }) => ok(modelProviders.markOf(trial.provider.constructor), 'the class lacks @ProvidesModels'),
  ],
  [
    'answers a text in pieces, none of them empty',
    async (trial) => {
      const pieces = texts(await trial.ask(ASKED));
      strictEqual(pieces.join(''), trial.trial.answer(ASKED));
      ok(!pieces.includes(''), 'one piece is empty');
      ok(pieces.length > 1, 'it spoke once; pieces come as the model says them');
    },
  ],
  [
    'reports the tokens that were counted, once, after the text',
    async (trial) => {
      const events = await trial.ask(ASKED);
      const usage = events.flatMap((event) => (event.type === 'usage' ? [event.usage] : []));
      deepStrictEqual(usage, trial.trial.usage ? [trial.trial.usage] : []);
      if (trial.trial.usage) strictEqual(events.at(-1)?.type, 'usage');
    },
  ],
  ['says which tool the model wants called', (trial) => trial.callsTheTool()],
  [
    'keeps calls that run at the same time apart, and their requests as they were',
    async (trial) => {
      const said = Array.from({ length: 8 }, (_, i) => `question number ${i}`);
      const answers = await Promise.all(said.map(async (text) => texts(await trial.ask(text)).join('')));
      deepStrictEqual(
        answers,
        said.map((text) => trial.trial.answer(text)),
      );
    },
  ],
  ['stops when its signal is aborted', (trial) => trial.stopsOnAbort()],
  [
    'does no work for a signal that is aborted already',
    async (trial) => {
      await rejects(trial.ask('too late', AbortSignal.abort()), () => true, 'it answered although nobody waits');
    },
  ],
  [
    'gives a silent model up, and names it',
    async ({ trial, named }) => {
      if (!trial.silent) return;
      const run = collect(trial.provider.open(trial.silent).complete(request(ASKED), new AbortController().signal));
      await rejects(within(run), named(trial.silent, 'Unavailable'));
    },
  ],
  ['tells failures by family, in words without keys', (trial) => trial.tellsFailures()],
  [
    'refuses settings it does not understand, naming the model',
    async ({ trial, named }) => {
      const config = { ...trial.config, settings: trial.badSettings };
      throws(() => trial.provider.open(config), named(config, 'Invalid'));
    },
  ],
  [
    'proves by its probe that a model answers',
    async ({ trial }) => trial.provider.probe?.(trial.config, new AbortController().signal),
  ],
];

class Trial {
  constructor(readonly trial: ModelProviderTrial) {}

  async ask(text: string, signal = new AbortController().signal): Promise<ModelEvent[]> {
    const asked = request(text);
    const events = await collect(this.trial.provider.open(this.trial.config).complete(asked, signal));
    deepStrictEqual(asked, request(text), 'it changed the request');
    return events;
  }

  async callsTheTool(): Promise<void> {
    const { provider, config, tool } = this.trial;
    if (!tool) return;
    const asked: CompletionRequest = { ...request('Use your tool'), tools: [tool.offered] };
    const calls = (await collect(provider.open(config).complete(asked, new AbortController().signal))).flatMap(
      (event) => (event.type === 'tool-call' ? [event.call] : []),
    );
    deepStrictEqual(
      calls.map(({ name, arguments: args }) => ({ name, arguments: JSON.parse(args) as unknown })),
      [{ name: tool.call.name, arguments: JSON.parse(tool.call.arguments) as unknown }],
    );
    ok(calls[0]?.id, 'the call has no id, so that its result cannot be told apart');
  }

  /** Aborts at the first piece; nothing may come after that. */
  async stopsOnAbort(): Promise<void> {
    const abort = new AbortController();
    const run = async () => {
      let heard = 0;
      for await (const _event of this.trial.provider.open(this.trial.config).complete(request(ASKED), abort.signal)) {
        heard += 1;
        abort.abort();
      }
      return heard;
    };
    const heard = await within(run()).catch((error: unknown) => {
      ok(abort.signal.aborted, `it failed before it was aborted: ${String(error)}`);
      return 1;
    });
    strictEqual(heard, 1, 'it went on after its signal was aborted');
  }

  async tellsFailures(): Promise<void> {
    const { provider, failures = [] } = this.trial;
    for (const { config, family } of failures) {
      const run = collect(provider.open(config).complete(request(ASKED), new AbortController().signal));
      await rejects(run, this.named(config, family));
      if (provider.probe) await rejects(provider.probe(config, new AbortController().signal));
    }
  }

  /** Whether an error is of a family, names the model and holds no key anywhere a log would show it. */
  readonly named = (config: ModelConfig, family: ErrorFamily) => (error: Error) => {
    strictEqual((error as { family?: string }).family, family, error.message);
    ok(error.message.includes(`${config.namespace}/${config.name}`), `it does not name the model: ${error.message}`);
    const shown = [error.message, error.stack, String(error.cause), JSON.stringify(error)].join('\n');
    for (const secret of this.trial.secrets ?? []) ok(!shown.includes(secret), 'it shows a key');
    return true;
  };
}

function request(text: string): CompletionRequest {
  const messages: Message[] = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: text },
  ];
  return { messages };
}

const texts = (events: ModelEvent[]) => events.flatMap((event) => (event.type === 'text' ? [event.text] : []));

async function collect(run: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}

async function within<T>(run: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_done, fail) => {
    timer = setTimeout(() => fail(new Error(`it took more than ${LONG_ENOUGH_MS / 1_000} seconds`)), LONG_ENOUGH_MS);
  });
  try {
    return await Promise.race([run, late]);
  } finally {
    clearTimeout(timer);
  }
}
