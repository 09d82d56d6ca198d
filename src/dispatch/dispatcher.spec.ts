import { describe, expect, it } from '@jest/globals';
import { installedEngines, rememberingLogger } from '../../test/harness/engine-process.js';
import { agent, query, resource } from '../../test/harness/manifests.js';
import { MemoryObjects } from '../../test/harness/memory-objects.js';
import { EngineEndpoints } from '../engine-host/engine-endpoints.js';
import { EngineRunner } from '../engine-host/execution/engine-runner.js';
import { EngineRuns } from '../engine-host/execution/engine-runs.js';
import { Participants } from '../engine-host/execution/participants.js';
import { ModelResolver } from '../engine-host/resolve/model-resolver.js';
import { RequestResolver } from '../engine-host/resolve/request-resolver.js';
import {
  type ChatMessage,
  canceled,
  type Engine,
  type EngineEvent,
  type ExecutionContext,
  ExecutionEngine,
  type ExecutionRequest,
  noMetrics,
  type TokenUsage,
  text,
  timeout,
  unavailable,
  usage,
} from '../kit/index.js';
import { DoorProofs } from '../machinery/http/door-proofs.js';
import { BugReports } from '../machinery/observability/bug-reports.js';
import { Tracing } from '../machinery/observability/tracing/tracing.js';
import type { Settings } from '../machinery/settings/settings.js';
import type { Query } from '../resources/query/query.resource.js';
import { ResumableRuns } from '../runtime/approval/resumable-runs.js';
import type { ConversationLog } from '../runtime/conversation/conversation-log.js';
import { chunkJson } from '../runtime/streams/chunk.js';
import { ChunkStreams } from '../runtime/streams/chunk-streams.js';
import { TeamRuns } from '../runtime/teams/team-runs.js';
import { ToolGate } from '../runtime/tool-gate/tool-gate.js';
import { ToolRefusals } from '../runtime/tool-gate/tool-refusals.js';
import { AgentsElsewhere } from './agents-elsewhere.js';
import { AttemptStreams } from './attempt-stream.js';
import { Dispatcher } from './dispatcher.js';
import { EngineChoice } from './engine-choice.js';
import { ForeignEngines } from './foreign-engines.js';
import { GivenAnswers } from './given-answers.js';
import type { HostedAgents } from './hosted/hosted-agents.js';
import { RemoteTasks } from './remote-tasks.js';
import { SpendingElsewhere } from './spending-elsewhere.js';

/** How long an engine speaks that nobody stops. */
const BABBLE_MS = 3_000;

const PRICES = { 'pricing.ark.mckinsey.com/input-cost': '2', 'pricing.ark.mckinsey.com/output-cost': '8' };
const PRICED = {
  ...resource('Model', 'priced', { provider: 'openai', model: { value: 'gpt' } }),
  metadata: { name: 'priced', annotations: PRICES },
};

class Puppet implements Engine {
  keys: string[] = [];
  hanging?: string;
  async *execute({ userInput, agent }: ExecutionRequest, context: ExecutionContext): AsyncIterable<EngineEvent> {
    this.keys.push(context.idempotencyKey);
    if (userInput.content === 'fail') throw unavailable('the quota is used up');
    if (userInput.content === 'spend') {
      yield usage({ promptTokens: 1_000, completionTokens: 500, totalTokens: 1_500 });
      throw unavailable('the quota is used up');
    }
    if (userInput.content === 'bug') throw new TypeError('secret internals');
    if (userInput.content === 'hang' || agent.name === this.hanging) await new Promise(() => {});
    if (userInput.content === 'nonsense') yield undefined as never;
    const until = performance.now() + (userInput.content === 'babble' ? BABBLE_MS : 0);
    while (performance.now() < until) yield text('word ');
    yield text(`${agent.name} `);
    yield text(`heard ${userInput.content}`);
  }
}
ExecutionEngine({ name: 'puppet', description: '' })(Puppet);

/** A memory that writes down what it is told, or breaks as it is told. */
function memory(problem: { open?: Error; keep?: Error } = {}) {
  const kept: { conversation: string; said: string[] }[] = [];
  const keep = async (conversation: string, said: () => ChatMessage[]) => {
    if (problem.keep) throw problem.keep;
    kept.push({ conversation, said: said().map(({ role, content }) => `${role}: ${content}`) });
  };
  const open = async () => {
    if (problem.open) throw problem.open;
    return { keep };
  };
  return { kept, log: { open } as unknown as ConversationLog };
}

const NO_ANSWERS = new GivenAnswers({} as never);

const staff = () =>
  new MemoryObjects().put(
    agent('a', { executionEngine: { name: 'puppet' } }),
    agent('b', { executionEngine: { name: 'puppet' } }),
    PRICED,
    agent('paid', { executionEngine: { name: 'puppet' }, modelRef: { name: 'priced' } }),
    agent('lost', { executionEngine: { name: 'nowhere' } }),
  );

function house(problem: Parameters<typeof memory>[0] = {}, hanging?: string) {
  const puppet = new Puppet();
  puppet.hanging = hanging;
  const { kept, log } = memory(problem);
  const objects = staff();
  const logger = rememberingLogger();
  const bugs = new BugReports(logger);
  const tracing = new Tracing();
  const models = new ModelResolver(objects, { get: () => undefined, names: () => [] });
  const resolver = new RequestResolver(objects, models, { turns: async () => [] });
  const engines = installedEngines(puppet as never);
  const address = { baseUrl: () => '' };
  const gate = new ToolGate(
    objects,
    { get: () => undefined, names: () => [] },
    new ToolRefusals({} as never, logger, noMetrics),
    bugs,
    noMetrics,
    tracing,
  );
  const runs = new EngineRuns(gate, bugs, noMetrics, tracing, NO_ANSWERS);
  const choice = new EngineChoice(objects, engines, address);
  const foreign = new ForeignEngines(logger, noMetrics, tracing, { kubernetes: 'embedded' } as Settings);
  const resumable = new ResumableRuns({ load: async () => new Map() } as never, objects);
  const teams = new TeamRuns(objects, { get: () => undefined, names: () => [] });
  // No agent of these tests lives on an A2A server.
  const hosted = {} as HostedAgents;
  const spending = new SpendingElsewhere(objects, models, noMetrics);
  const elsewhere = new AgentsElsewhere(foreign, hosted, NO_ANSWERS, spending);
  const participants = new Participants(objects, choice, engines, resolver, runs, elsewhere, teams, tracing);
  const runner = new EngineRunner(resolver, runs, participants, resumable, logger, tracing);
  const endpoints = new EngineEndpoints(engines, runner, bugs, new DoorProofs([]));
  const streams = new ChunkStreams();
  const dispatcher = new Dispatcher(
    objects,
    choice,
    endpoints,
    foreign,
    hosted,
    new AttemptStreams(streams),
    new RemoteTasks({ load: async () => new Map(), save: async () => {} }, logger),
    NO_ANSWERS,
    log,
    spending,
    bugs,
    tracing,
  );
  const spent: TokenUsage[] = [];
  const ask = (spec: Record<string, unknown>, signal = new AbortController().signal) => {
    objects.put(query('q', spec));
    const asked = { ...query('q', spec), metadata: { name: 'q', namespace: 'default', uid: 'uid-q' } };
    const onUsage = (report: TokenUsage) => void spent.push(report);
    const attempt = { id: 'claim', number: 1, messageId: 'm', onUsage };
    return dispatcher.dispatch(asked as unknown as Query, attempt, signal);
  };
  return { ask, spent, streams, bugs, puppet, logger, kept };
}

const TO_A = { target: { type: 'agent', name: 'a' } };

describe('a Query for engines of this process', () => {
  it('is answered, and the pieces go to its stream as they come', async () => {
    const { ask, streams, puppet } = house();
    const outcomes = await ask({ input: 'hello', conversationId: 'thread', ...TO_A });
    expect(outcomes).toEqual([
      {
        target: { type: 'agent', name: 'a' },
        content: 'a heard hello',
        raw: '[{"role":"assistant","content":"a heard hello"}]',
        phase: 'done',
        a2a: { contextId: 'thread' },
        conversationId: 'thread',
        keptIn: 'thread',
      },
    ]);
    const chunks = [];
    for await (const chunk of streams.read('uid-q', 0, new AbortController().signal)) {
      chunks.push(JSON.parse(chunkJson(chunk)));
    }
    expect(chunks.map((chunk) => chunk.choices[0].delta.content)).toEqual(['a ', 'heard hello', '']);
    expect(chunks[0]).toMatchObject({ ark: { query: 'uid-q', target: 'agent/a', agent: 'a' } });
    expect(chunks[2].ark.completedQuery.status).toMatchObject({
      phase: 'done',
      response: { content: 'a heard hello' },
    });
    expect(puppet.keys).toEqual(['uid-q']);
  });

  it('gets one outcome per target, in their order, and one failure spoils no other', async () => {
    const targets = ['b', 'lost', 'a'].map((name) => ({ type: 'agent', name }));
    const outcomes = await house().ask({ input: 'hi', targets });
    expect(outcomes.map(({ target, phase }) => [target.name, phase])).toEqual([
      ['b', 'done'],
      ['lost', 'error'],
      ['a', 'done'],
    ]);
    expect(outcomes[0]?.content).toBe('b heard hi');
    expect(outcomes[1]?.content).toContain("no engine 'nowhere' is installed");
  });

  it('that fails has spent what it spent, at the price of the model', async () => {
    const { ask, spent } = house();
    const [outcome] = await ask({ input: 'spend', target: { type: 'agent', name: 'paid' } });
    const cost = [{ currency: 'USD', amount: expect.closeTo(0.006, 12) }];
    expect(outcome).toMatchObject({ phase: 'error', content: 'the quota is used up', tokenUsage: { cost } });
    expect(spent).toEqual([outcome?.tokenUsage]);
    expect((await ask({ input: 'spend', ...TO_A }))[0]?.tokenUsage).toMatchObject({ totalTokens: 1_500, cost: [] });
  });

  it('fails with the text of the engine, and a bug says nothing but is reported', async () => {
    const { ask, bugs, logger } = house();
    expect((await ask({ input: 'fail', ...TO_A }))[0]).toMatchObject({
      phase: 'error',
      content: 'the quota is used up',
    });
    expect(bugs.count).toBe(0);
    expect((await ask({ input: 'bug', ...TO_A }))[0]).toMatchObject({
      phase: 'error',
      content: "engine 'puppet' failed with an internal error: the log of the process that runs it says why",
    });
    expect(bugs.count).toBe(1);
    expect(logger.errors[0]).toMatchObject({ err: { message: 'secret internals' } });
  });

  it('is over at its time-out, with the words that clients of Ark look for', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(timeout('context deadline exceeded')), 30);
    const outcomes = await house().ask({ input: 'hang', ...TO_A }, abort.signal);
    expect(outcomes[0]).toMatchObject({ phase: 'error', content: 'context deadline exceeded' });
  });

  it('is over at its time-out although its engine speaks without a pause', async () => {
    const { ask, streams } = house();
    const begin = performance.now();
    const outcomes = await ask({ input: 'babble', timeout: '1ms', ...TO_A });
    expect(outcomes[0]).toMatchObject({ phase: 'error', content: 'context deadline exceeded' });
    expect(performance.now() - begin).toBeLessThan(BABBLE_MS);
    expect(streams.lastId('uid-q')).toBeLessThan(100);
  });

  it('fails naming its engine and what it yielded when that is no event', async () => {
    expect((await house().ask({ input: 'nonsense', ...TO_A }))[0]).toMatchObject({
      phase: 'error',
      content: "engine 'puppet' yielded undefined instead of an event, e.g. { type: 'text', text: '…' }",
    });
  });

  it('keeps finished answers when its caller says that the time is over', async () => {
    const abort = new AbortController();
    const targets = ['a', 'b'].map((name) => ({ type: 'agent', name }));
    const asked = house({}, 'b').ask({ input: 'hello', targets }, abort.signal);
    setTimeout(() => abort.abort(timeout('context deadline exceeded')), 50);
    expect((await asked).map(({ phase, content }) => [phase, content])).toEqual([
      ['done', 'a heard hello'],
      ['error', 'context deadline exceeded'],
    ]);
  });

  it('throws when it is canceled, at once', async () => {
    const abort = new AbortController();
    const asked = house().ask({ input: 'hang', ...TO_A }, abort.signal);
    setTimeout(() => abort.abort(canceled('the user changed their mind')), 10);
    await expect(asked).rejects.toThrow('the user changed their mind');
  });

  it('throws when it names nobody', async () => {
    await expect(house().ask({ input: 'hi' })).rejects.toThrow('write spec.target or spec.selector');
  });

  it('is an error outcome when its input is no text', async () => {
    const outcomes = await house().ask({ input: { not: 'a text' }, ...TO_A });
    expect(outcomes[0]).toMatchObject({
      phase: 'error',
      content: expect.stringContaining('failed to get input string'),
    });
  });
});

describe('what is said in a Query', () => {
  it('is kept in its conversation, which is its own when it names none', async () => {
    const { ask, kept } = house();
    await ask({ input: 'hello', conversationId: 'thread', ...TO_A });
    await ask({ input: 'again', ...TO_A });
    expect(kept).toEqual([
      { conversation: 'thread', said: ['user: hello', 'assistant: a heard hello'] },
      { conversation: 'uid-q', said: ['user: again', 'assistant: a heard again'] },
    ]);
  });

  it('is kept with the turns that the Query brought along', async () => {
    const { ask, kept } = house();
    const input = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello' },
      { role: 'user', content: 'bye' },
    ];
    await ask({ type: 'messages', input, ...TO_A });
    expect(kept[0]?.said).toEqual(['user: Hi', 'assistant: Hello', 'user: bye', 'assistant: a heard bye']);
  });

  it('is not kept when it failed', async () => {
    const { ask, kept } = house();
    await ask({ input: 'fail', ...TO_A });
    expect(kept).toEqual([]);
  });

  it('stays an answer that says so when it cannot be kept', async () => {
    const [outcome] = await house({ keep: unavailable('memory is full') }).ask({ input: 'hello', ...TO_A });
    expect(outcome).toMatchObject({ phase: 'done', content: 'a heard hello' });
    expect(outcome?.memoryProblem).toBe("the conversation 'uid-q' misses this turn: memory is full");
  });

  it('is not even asked when the memory cannot be used', async () => {
    const { ask, puppet } = house({ open: unavailable("memory 'default/m' is not ready") });
    await expect(ask({ input: 'hello', ...TO_A })).rejects.toThrow("memory 'default/m' is not ready");
    expect(puppet.keys).toEqual([]);
  });
});
