import { describe, expect, it } from '@jest/globals';
import { query } from '../../../test/harness/manifests.js';
import { MemoryObjects } from '../../../test/harness/memory-objects.js';
import {
  canceled,
  noMetrics,
  type ToolContext,
  type ToolResult,
  type ToolType,
  type ToolTypeOptions,
} from '../../kit/index.js';
import { silentLogger } from '../../kit/testing/index.js';
import { BugReports } from '../../machinery/observability/bug-reports.js';
import { Tracing } from '../../machinery/observability/tracing/tracing.js';
import type { AgentTool } from '../../resources/agent/agent.resource.js';
import type { Query } from '../../resources/query/query.resource.js';
import { ApprovalNeeded } from '../approval/approval-needed.js';
import { RunApprovals } from '../approval/run-approvals.js';
import { RunJournal } from '../approval/run-journal.js';
import { RunBudget } from '../budgets/run-budget.js';
import { Floor } from '../delegation/floor.js';
import type { GateRun } from './gate-run.js';
import { ToolGate } from './tool-gate.js';

const tool = (name: string, spec: Record<string, unknown> = {}) => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Tool',
  metadata: { name },
  spec: { type: 'probe', ...spec },
});
const inputSchema = {
  type: 'object',
  properties: { tenant: { type: 'integer' }, q: { type: 'string' } },
  required: ['tenant'],
};

interface Called {
  args: Record<string, unknown>;
  settings: Record<string, unknown>;
  context: ToolContext;
}

/** A gate with one tool type, `probe`, that notes how it is called. */
function gate(answer: (called: Called) => Promise<ToolResult> = async () => ({ text: 'ok' })) {
  const calls: Called[] = [];
  const refused: string[] = [];
  const objects = new MemoryObjects();
  const probe: ToolType = {
    call: async ({ settings }, args, context) => {
      calls.push({ args, settings, context });
      return answer({ args, settings, context });
    },
  };
  const bugs = new BugReports(silentLogger);
  const options: ToolTypeOptions = { name: 'probe', description: '', timeoutMs: 40 };
  const types = {
    get: (name: string) => (name === 'probe' ? { options, tool: probe } : undefined),
    names: () => ['probe'],
  };
  const refusals = { record: (_: unknown, message: string) => void refused.push(message) };
  const abort = new AbortController();
  const open = (tools: AgentTool[], run: Partial<GateRun> = {}) => {
    const asked = query('q', { input: '', parameters: [{ name: 'who', value: '7' }] });
    const shared = { query: asked as unknown as Query, idempotencyKey: 'key', logger: silentLogger, path: [] };
    const ask = () => Promise.reject(new Error('nobody to ask'));
    const journal = run.journal ?? RunJournal.open();
    const resumable = new RunApprovals({
      query: shared.query,
      objects,
      journal,
      stop: (reason) => abort.abort(reason),
    });
    const lent = { delegation: { ask: async () => '' }, mcp: { connect: () => Promise.reject(new Error('none')) } };
    return new ToolGate(objects, types, refusals as never, bugs, noMetrics, new Tracing()).open(tools, {
      ...{ journal, approvals: resumable, agent: { name: 'a', namespace: 'default' } },
      ...{ ...shared, ...lent, who: "agent 'default/a'", namespace: 'default', signal: abort.signal },
      ...{
        deadline: new Date(),
        budget: new RunBudget(),
        floor: new Floor(abort.signal),
        onUsage: () => {},
        ask,
        serverOf: () => Promise.reject(new Error()),
      },
      ...run,
    });
  };
  return { open, objects, calls, refused, bugs, abort };
}

const call = (name: string, args: unknown = {}) => ({ id: '1', name, arguments: JSON.stringify(args) });
const listed = (name: string, more: Partial<AgentTool> = {}): AgentTool => ({ type: 'custom', name, ...more });
const pinned = (value: string) => ({ partial: { parameters: [{ name: 'tenant', value }] } });

describe('the tool gate', () => {
  it('offers what the manifest lists, in its order, under names that models accept', async () => {
    const { open, objects } = gate();
    objects.put(tool('b.two', { description: 'Two' }), tool('one', { description: 'One' }), tool('unlisted'));
    const tools = await open([listed('b.two'), listed('one', { description: 'Mine' })]);
    expect(tools.list().map(({ name, description }) => [name, description])).toEqual([
      ['b_two', 'Two'],
      ['one', 'Mine'],
    ]);
    expect(await tools.call(call('b.two'))).toEqual({ text: 'ok' });
  });

  it('refuses what is not listed, names what is, and keeps record', async () => {
    const { open, objects, calls, refused } = gate();
    objects.put(tool('mine'), tool('other'));
    const tools = await open([listed('mine')]);
    expect(await tools.call(call('other'))).toEqual({
      text: "there is no tool 'other'; tools you may call: mine",
      isError: true,
    });
    expect(calls).toEqual([]);
    expect(refused).toEqual(["agent 'default/a' does not list tool 'other'"]);
  });

  it('hides a pinned parameter from the model and lets nobody override it', async () => {
    const { open, objects, calls } = gate();
    objects.put(tool('t', { inputSchema }));
    const tools = await open([listed('t', pinned('{{.Query.who}}'))]);
    expect(tools.list()[0]?.inputSchema).toEqual({ type: 'object', properties: { q: { type: 'string' } } });
    await tools.call(call('t', { tenant: 8, q: 'x' }));
    expect(calls[0]?.args).toEqual({ tenant: 7, q: 'x' });
  });

  it('does not let a gap in a pinned parameter pass', async () => {
    const { open, objects, calls } = gate();
    objects.put(tool('t', { inputSchema }));
    const tools = await open([
      listed('t', pinned('{{.Query.nobody}}')),
      listed('t', { name: 'u', partial: { name: 't', ...pinned('seven').partial } }),
    ]);
    expect((await tools.call(call('t'))).text).toMatch(/pinned parameter 'tenant': .* does not have/);
    expect((await tools.call(call('u'))).text).toMatch(/pinned parameter 'tenant': its value is no integer/);
    expect(calls).toEqual([]);
  });

  it('tells a partial tool from a renamed one by which Tool exists', async () => {
    const { open, objects } = gate();
    objects.put(tool('real', { description: 'Real' }));
    const now = { name: 'shown', partial: { name: 'real' } };
    const before = { name: 'real', partial: { name: 'shown' } };
    for (const names of [now, before]) {
      expect((await open([{ type: 'custom', ...names }])).list()).toMatchObject([
        { name: 'shown', description: 'Real' },
      ]);
    }
  });

  it('answers wrong arguments with what is wrong, and calls nothing', async () => {
    const { open, objects, calls } = gate();
    objects.put(tool('t', { inputSchema }));
    const tools = await open([listed('t')]);
    const wrong = [
      ['{"tenant": 1', /not JSON/],
      ['[1]', /must be a JSON object/],
      ['{"tenant": "1"}', /'tenant' must be integer/],
      ['', /required property 'tenant'/],
    ] as const;
    for (const [text, message] of wrong) {
      const result = await tools.call({ id: '1', name: 't', arguments: text });
      expect(result).toEqual({ text: expect.stringMatching(message), isError: true });
    }
    expect(calls).toEqual([]);
  });

  it('turns failures into results, and keeps the text of bugs for itself', async () => {
    const failing = gate(async () => {
      throw new Error('secret stack');
    });
    failing.objects.put(tool('t'));
    const result = await (await failing.open([listed('t')])).call(call('t'));
    expect(result).toEqual({ text: "tool 't' failed with an internal error", isError: true });
    expect(failing.bugs.count).toBe(1);
  });

  it('does not wait for a tool longer than its time-out', async () => {
    let told: AbortSignal | undefined;
    const { open, objects } = gate(({ context }) => {
      told = context.signal;
      return new Promise(() => {});
    });
    objects.put(tool('t'));
    const result = await (await open([listed('t')])).call(call('t'));
    expect(result).toEqual({ text: "tool 't' failed: tool 't' did not answer within 0.04 seconds", isError: true });
    expect(told?.aborted).toBe(true);
  });

  it('ends with the run, in its words', async () => {
    const { open, objects, abort } = gate(() => new Promise(() => {}));
    objects.put(tool('t'));
    const result = (await open([listed('t')])).call(call('t'));
    abort.abort(canceled('the query was canceled'));
    await expect(result).rejects.toThrow('the query was canceled');
  });

  it('cuts what is too long to read and says so', async () => {
    const { open, objects } = gate(async () => ({ text: 'x'.repeat(200_000) }));
    objects.put(tool('t'));
    const { text } = await (await open([listed('t')])).call(call('t'));
    expect(text).toMatch(/^x{100000}\n\[cut here: the result has 200000 characters, the first 100000 are shown\]$/);
  });

  it('shows as many images as a model can look at, and says how many it does not', async () => {
    const image = (size: number) => ({ mimeType: 'image/png', data: 'A'.repeat(size) });
    const { open, objects } = gate(async () => ({ text: 'see', images: [image(8 << 20), ...Array(9).fill(image(1))] }));
    objects.put(tool('t'));
    const { text, images } = await (await open([listed('t')])).call(call('t'));
    expect(images).toHaveLength(8);
    expect(text).toBe('see\n[2 of 10 images left out: at most 8 of 5 MiB are shown]');
  });

  it('says which budget ended the run', async () => {
    const { open, objects } = gate();
    objects.put(tool('t'));
    const tools = await open([listed('t')], { budget: new RunBudget({ toolCalls: 1, turns: 1, depth: 1 }) });
    await tools.call(call('t'));
    await expect(tools.call(call('t'))).rejects.toThrow(
      /has spent its budget of 1 tool calls in the turn of agent 'default\/a'/,
    );
  });

  it('ends the run with a question when a call needs a person, after its siblings are done', async () => {
    const { open, objects, calls } = gate();
    objects.put(tool('t', { inputSchema }), tool('u'));
    const gated = { approval: { required: true, timeout: '5m', onTimeout: 'proceed' as const }, ...pinned('7') };
    const journal = RunJournal.open();
    const tools = await open([listed('t', gated), listed('u')], { journal });
    const both = [tools.call(call('t', { q: 'x', tenant: 8 })), tools.call(call('u'))];
    await expect(both[1]).resolves.toEqual({ text: 'ok' });
    const needed = await (both[0] as Promise<unknown>).catch((error: unknown) => error);
    expect(needed).toBeInstanceOf(ApprovalNeeded);
    expect(calls).toHaveLength(1);
    expect((needed as ApprovalNeeded).text).toBe(
      `agent 'default/a' wants to call t with {"q":"x"}. Approve or reject it: it is made without an answer within 5m0s.`,
    );
    const { toolCalls, timeout, onTimeout } = (needed as ApprovalNeeded).metadata('c');
    expect({ timeout, onTimeout }).toEqual({ timeout: '5m0s', onTimeout: 'proceed' });
    expect(JSON.parse(toolCalls ?? '')).toMatchObject([
      { type: 'function', function: { name: 't', arguments: '{"q":"x"}' } },
    ]);
  });

  it('does not ask a person about arguments that do not fit', async () => {
    const { open, objects } = gate();
    objects.put(tool('t', { inputSchema }));
    const tools = await open([listed('t', { approval: { required: true } })]);
    expect((await tools.call(call('t', { tenant: 'x' }))).text).toMatch(/'tenant' must be integer/);
  });

  it('reads settings at each call, keys of Secrets and parameters of the Query included', async () => {
    const { open, objects, calls } = gate();
    const from = { valueFrom: { secretKeyRef: { name: 's', key: 'k' } } };
    const param = { valueFrom: { queryParameterRef: { name: 'who' } } };
    const options = { token: from, headers: [{ name: 'X', value: param }], deep: [{ plain: 1 }] };
    objects.put(tool('t', { options }));
    const tools = await open([listed('t')]);
    expect((await tools.call(call('t'))).text).toMatch(/secret default\/s does not exist/);
    objects.put({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { k: 'dG9w' } });
    await tools.call(call('t'));
    expect(calls[0]?.settings).toEqual({ token: 'top', headers: { X: '7' }, deep: [{ plain: 1 }] });
  });

  it('gives a repeated attempt the keys of the first one', async () => {
    const { open, objects, calls } = gate();
    objects.put(tool('t'));
    for (let attempt = 0; attempt < 2; attempt++) {
      const tools = await open([listed('t')]);
      await tools.call(call('t', { a: 1 }));
      await tools.call(call('t', { a: 1 }));
    }
    const [first, second, again, andAgain] = calls.map(({ context }) => context.idempotencyKey);
    expect(first).not.toBe(second);
    expect([again, andAgain]).toEqual([first, second]);
  });

  it('lets a tool ask others under keys of its own, the same in every attempt', async () => {
    const keys: string[] = [];
    const delegation: GateRun['delegation'] = { ask: async (_, __, key) => String(keys.push(key)) };
    const twice = async ({ context }: Called) => {
      const asked = { type: 'agent' as const, name: 'b' };
      return { text: (await context.delegation.ask(asked, 'x')) + (await context.delegation.ask(asked, 'x')) };
    };
    const { open, objects } = gate(twice);
    objects.put(tool('t'));
    for (let attempt = 0; attempt < 2; attempt++) {
      const tools = await open([listed('t')], { delegation });
      await tools.call(call('t'));
      await tools.call(call('t'));
    }
    expect(new Set(keys.slice(0, 4)).size).toBe(4);
    expect(keys.slice(4)).toEqual(keys.slice(0, 4));
  });

  it('fails only for those who ask, when the manifest cannot be honoured', async () => {
    const { open, objects } = gate();
    objects.put(tool('odd', { type: 'quantum' }), tool('t'), tool('u'));
    const twice = [listed('t', { partial: { name: 'u' } }), listed('t')];
    const cases: [AgentTool[], RegExp][] = [
      [[listed('odd')], /tool 'odd' has type 'quantum', which is not installed; installed: probe/],
      [[listed('gone')], /agent 'default\/a': tool 'default\/gone' does not exist/],
      [twice, /lists two tools under the name 't'/],
    ];
    for (const [entries, message] of cases) {
      const tools = await open(entries);
      expect(() => tools.list()).toThrow(message);
    }
  });
});
