import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ChatMessage, ConversationEntry, MemoryClient, MemoryPage } from '../memory/memory-backend.js';
import type { SuiteCase } from './engine-suite.js';

/** A memory on trial. It may hold other conversations: every case makes up ids of its own. */
export interface MemoryTrial {
  memory: MemoryClient;
  /** A client whose conversations must be strangers to `memory`. Absent: the case is passed over. */
  stranger?: MemoryClient;
}

interface Globals {
  describe?: (title: string, body: () => void) => void;
  it?: (title: string, body: () => Promise<void>) => void;
}

/**
 * The contract every memory keeps, as test cases. With global `describe` and `it` it registers them; it returns them
 * in any case.
 *
 * @example
 * ```ts
 * memoryBackendSuite('http', async () => ({ memory: new HttpMemoryBackend().open({ … }) }));
 * ```
 */
export function memoryBackendSuite(name: string, make: () => MemoryTrial | Promise<MemoryTrial>): SuiteCase[] {
  const cases = CASES.map(([title, check]) => ({ title, run: async () => check(new Trial(await make())) }));
  const { describe, it } = globalThis as Globals;
  if (describe && it) {
    describe(`memory contract: ${name}`, () => {
      for (const { title, run } of cases) it(title, run);
    });
  }
  return cases;
}

const user = (content: string): ChatMessage => ({ role: 'user', content });
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });
const never = new AbortController().signal;
/** How long a memory may take to forget what lives for a second, and how often it is asked. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 100;

const CASES: [title: string, check: (trial: Trial) => Promise<void>][] = [
  [
    'gives back what was said, oldest first',
    async (trial) => {
      await trial.say('q1', [user('Hi'), assistant('Hello')]);
      await trial.say('q2', [user('Well?'), assistant('Fine')]);
      deepStrictEqual(await trial.told(), ['Hi', 'Hello', 'Well?', 'Fine']);
    },
  ],
  ['knows nothing of a conversation nobody had', async (trial) => deepStrictEqual(await trial.told(), [])],
  [
    'keeps every field of a message',
    async (trial) => {
      const call = { id: 'c1', type: 'function' as const, function: { name: 'look', arguments: '{"at":"☀\\u0000"}' } };
      const said: ChatMessage[] = [
        { role: 'user', content: 'Zwölf ☀ "quoted"\n', name: 'Ünal' },
        { role: 'assistant', content: '', tool_calls: [call] },
        { role: 'tool', content: '42', tool_call_id: 'c1' },
      ];
      await trial.say('q1', said);
      deepStrictEqual(
        (await trial.page()).items.map(({ message }) => message),
        said,
      );
    },
  ],
  [
    'keeps conversations apart',
    async (trial) => {
      await trial.say('q1', [user('mine')]);
      await trial.say('q2', [user('theirs')], { conversationId: trial.id('other') });
      deepStrictEqual(await trial.told(), ['mine']);
    },
  ],
  [
    'adds nothing twice when a Query comes again, and what was missing',
    async (trial) => {
      await trial.say('q1', [user('Hi')]);
      const whole = [user('Hi'), assistant('Hello')];
      await trial.say('q1', whole, { again: true });
      await trial.say('q1', whole, { again: true });
      deepStrictEqual(await trial.told(), ['Hi', 'Hello']);
    },
  ],
  [
    'is read page by page, without gaps and repeats',
    async (trial) => {
      const said = Array.from({ length: 7 }, (_, i) => `message ${i}`);
      await trial.say('q1', said.map(user));
      const heard: string[] = [];
      let page: MemoryPage = { items: [], next: 0 };
      let pages = 0;
      while (page.next !== undefined) {
        page = await trial.page({ limit: 3, after: page.next });
        heard.push(...page.items.map(({ message }) => message.content));
        pages += 1;
      }
      deepStrictEqual(heard, said);
      strictEqual(pages, 3);
    },
  ],
  [
    'keeps the order of messages that arrive at the same time, Query by Query',
    async (trial) => {
      const queries = Array.from({ length: 10 }, (_, i) => `q${i}`);
      await Promise.all(queries.map((name) => trial.say(name, [user(`${name} asks`), assistant(`${name} hears`)])));
      const told = await trial.told();
      strictEqual(told.length, 20);
      for (const name of queries) strictEqual(told.indexOf(`${name} hears`), told.indexOf(`${name} asks`) + 1);
    },
  ],
  [
    'forgets what a Query said, and nothing else',
    async (trial) => {
      await trial.say('q1', [user('forget me')]);
      await trial.say('q2', [user('keep me')]);
      await trial.trial.memory.forget([trial.query('q1'), trial.query('unknown')], never);
      deepStrictEqual(await trial.told(), ['keep me']);
    },
  ],
  [
    'forgets what has outlived its time to live, and nothing else',
    async (trial) => {
      await trial.say('q1', [user('forget me soon')], { ttlSeconds: 1 });
      await trial.say('q2', [user('keep me a while')], { ttlSeconds: 3_600 });
      await trial.say('q3', [user('keep me')]);
      const limit = Date.now() + PATIENCE_MS;
      while ((await trial.told()).length > 2 && Date.now() < limit) await pause(LOOK_MS);
      deepStrictEqual(await trial.told(), ['keep me a while', 'keep me']);
    },
  ],
  [
    'does nothing for a caller who has gone',
    async (trial) => {
      const gone = AbortSignal.abort(new Error('gone'));
      await rejects(trial.say('q1', [user('too late')], {}, gone));
      await rejects(trial.trial.memory.read(trial.id('c'), {}, gone));
      deepStrictEqual(await trial.told(), []);
    },
  ],
  [
    'is closed to strangers',
    async (trial) => {
      const { stranger } = trial.trial;
      if (!stranger) return;
      await trial.say('q1', [user('secret')]);
      deepStrictEqual((await trial.read(stranger)).items, []);
    },
  ],
];

class Trial {
  private readonly run = randomUUID();

  constructor(readonly trial: MemoryTrial) {}

  id(name: string): string {
    return `${name}-${this.run}`;
  }

  query(name: string) {
    return { name: this.id(name), uid: this.id(`uid-${name}`) };
  }

  say(query: string, messages: ChatMessage[], more: Partial<ConversationEntry> = {}, signal = never): Promise<void> {
    const entry = { conversationId: this.id('c'), query: this.query(query), messages, ...more };
    return this.trial.memory.append(entry, signal);
  }

  page(page: { after?: number; limit?: number } = {}): Promise<MemoryPage> {
    return this.read(this.trial.memory, page);
  }

  /** Test runners with realms of their own see arrays of native code as strangers: hence the copy. */
  async read(memory: MemoryClient, page: { after?: number; limit?: number } = {}): Promise<MemoryPage> {
    const read = await memory.read(this.id('c'), page, never);
    return { ...read, items: Array.from(read.items) };
  }

  async told(): Promise<string[]> {
    return (await this.page()).items.map(({ message }) => message.content);
  }
}
