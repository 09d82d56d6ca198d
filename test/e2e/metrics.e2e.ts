import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { eventually } from '../harness/eventually.js';
import { freePort } from '../harness/free-port.js';
import { query, resource, yaml } from '../harness/manifests.js';
import { COUNTS, ModelServer } from '../harness/model-server/model-server.js';
import { openAIFormat } from '../harness/model-server/openai-format.js';
import { abroad, one, pricedShop, SHOP } from '../harness/priced-shop.js';
import { Runtime } from '../harness/runtime.js';

const page = readFileSync('docs/reference/metrics.md', 'utf8');

/** `name type help` of each figure. */
const documented = [...page.matchAll(/^\| `(\w+)` \| (\w+) \|[^|]*\| (.*) \|$/gm)].map(([, ...cells]) =>
  cells.join(' '),
);

function served(text: string): string[] {
  const helps = [...text.matchAll(/^# HELP (\w+) (.*)\n# TYPE \w+ (\w+)$/gm)];
  return helps.map(([, name, help, type]) => `${name} ${type} ${help}`);
}

/** The names of labels that the page gives a figure. */
function documentedLabels(name: string): string[] {
  const cell = new RegExp(`^\\| \`${name}\` \\|[^|]*\\|([^|]*)\\|`, 'm').exec(page)?.[1] ?? '';
  return [...cell.matchAll(/`(\w+)`/g)].map(([, label]) => label ?? '');
}

/** What the panels of the dashboard ask Prometheus. */
function dashboardTargets(): { expr: string }[] {
  const text = readFileSync('charts/ark/files/dashboards/nest-ark.json', 'utf8');
  const { panels } = JSON.parse(text) as { panels: { targets?: { expr: string }[] }[] };
  return panels.flatMap(({ targets }) => targets ?? []);
}

const AGENT = `
apiVersion: ark.mckinsey.com/v1alpha1
kind: Agent
metadata: { name: again, namespace: default }
spec: { prompt: Say it, executionEngine: { name: echo } }
`;

/** What statuses say of cost, by currency. */
function sums(statuses: { cost?: Money }[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const { amount, currency } of statuses.flatMap(({ cost = [] }) => cost)) {
    all[currency] = (all[currency] ?? 0) + Number(amount);
  }
  return all;
}

/** What the figure of cost says of the shop, by currency. */
function costs(text: string) {
  const agents: Record<string, number> = {};
  const evaluators: Record<string, number> = {};
  const line = /^ark_model_cost_total\{namespace="paid",agent="([^"]*)",model="[^"]*",currency="(\w+)"\} (\S+)$/gm;
  for (const [, who = '', currency = '', amount] of text.matchAll(line)) {
    const sum = who === 'evaluator/critic' ? evaluators : agents;
    sum[currency] = (sum[currency] ?? 0) + Number(amount);
  }
  return { agents, evaluators };
}

type Money = { amount: string; currency: string }[];

describe('figures', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await Runtime.start();
    await runtime.ark(['apply', '-f', '-'], { input: AGENT });
    expect((await runtime.ark(['agent', 'again', 'hello'])).code).toBe(0);
  });
  afterAll(() => runtime.dispose());
  const read = async () => (await fetch(`${runtime.endpoints.http}/metrics`)).text();

  it('are the ones that the reference names', async () => {
    const response = await fetch(`${runtime.endpoints.http}/metrics`);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(served(await response.text()).sort()).toEqual(documented.sort());
  });

  it('have the labels that the reference names', async () => {
    for (const [, name = '', labels = ''] of (await read()).matchAll(/^(\w+?)(?:_bucket|_sum|_count)?\{(.*)\} /gm)) {
      const named = [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label ?? '');
      expect([name, named.filter((label) => label !== 'le').sort()]).toEqual([name, documentedLabels(name).sort()]);
    }
  });

  it('are there for every panel of the dashboard of the chart, with the labels it wants', async () => {
    const there = new Set((await read()).match(/(?<=^# TYPE )\w+/gm));
    for (const { expr } of dashboardTargets()) {
      const names = [...expr.matchAll(/\b(?:ark|process|nodejs)_\w+/g)].map(([name]) =>
        name.replace(/_seconds_(bucket|sum|count)$/, '_seconds'),
      );
      expect([expr, names.filter((name) => !there.has(name))]).toEqual([expr, []]);
      const grouped = [...expr.matchAll(/ by \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/, */));
      const known = names.flatMap(documentedLabels);
      expect([expr, grouped.filter((label) => label !== 'le' && !known.includes(label))]).toEqual([expr, []]);
    }
  });

  it('tell how Queries ended and how long they took', async () => {
    await eventually(async () => {
      const text = await read();
      expect(text).toContain('ark_queries_total{namespace="default",outcome="done"} 1\n');
      expect(text).toMatch(/ark_query_duration_seconds_count\{outcome="done"\} [1-9]/);
    });
  });

  it('count what answers cost, in each currency as much as the Queries say, however those end', async () => {
    const [models, engine] = await Promise.all([ModelServer.listen(openAIFormat), abroad()]);
    try {
      const applied = await runtime.ark(['apply', '-f', '-'], { input: yaml(...pricedShop(models.url, engine.url)) });
      expect([applied.code, applied.stderr]).toEqual([0, '']);
      // Its first completion is paid; the second one never comes.
      await eventually(async () => expect(await read()).toContain('agent="slow",model="slow",type="input"} 700\n'));
      const reading = await fetch(`${runtime.endpoints.http}/stream/slow?namespace=${SHOP}`);
      await shows('ark_queries_running 1', 'ark_streams_open 1', 'ark_stream_readers 1');
      const cancel = query('slow', { input: 'hi', target: one('agent', 'slow'), cancel: true }, SHOP);
      await runtime.ark(['apply', '-f', '-'], { input: yaml(cancel) });
      await reading.text();
      await shows('ark_queries_running 0', 'ark_streams_open 0', 'ark_stream_readers 0');
      const twice = 3000 * 2 + 30 * 10;
      const euros = 100 * 1 + 50 * 3;
      const cached = (COUNTS.input - COUNTS.cached) * 2 + COUNTS.cached * 0.5 + COUNTS.output * 10;
      await eventually(
        async () => {
          const queries = await statuses('queries');
          const told = Object.fromEntries(queries.map(({ name, status }) => [name, [status.phase, sums([status])]]));
          expect(told).toEqual({
            cached: ['done', { USD: near(cached / 1e6) }],
            twice: ['done', { USD: near(twice / 1e6) }],
            crew: ['done', { USD: near(twice / 1e6), EUR: near(euros / 1e3) }],
            both: ['done', { USD: near(twice / 1e6), EUR: near(euros / 1e3) }],
            broken: ['error', { USD: near((500 * 2 + 5 * 10) / 1e6) }],
            slow: ['canceled', { USD: near((700 * 2 + 7 * 10) / 1e6) }],
            odd: ['done', {}],
            abroad: ['done', { USD: near((100 * 2 + 10 * 10) / 1e6) }],
          });
          const judged = sums((await statuses('evaluations')).map(({ status }) => status));
          expect(judged).toEqual({ USD: near((300 * 2 + 30 * 10) / 1e6) });
          const all = sums(queries.map(({ status }) => status));
          const figures = costs(await read());
          expect(figures.agents).toEqual({ USD: near(all.USD ?? 0), EUR: near(all.EUR ?? 0) });
          expect(figures.evaluators).toEqual({ USD: near(judged.USD ?? 0) });
        },
        { within: 60_000 },
      );
      await shows(
        'ark_tool_calls_total{type="builtin",outcome="ok"} 5',
        'ark_tool_call_duration_seconds_count{type="builtin"} 5',
        'ark_tool_calls_refused_total 1',
        'ark_model_call_duration_seconds_count{provider="scripted",model="twice",outcome="ok"} 6',
        'ark_model_call_duration_seconds_count{provider="scripted",model="broken",outcome="error"} 1',
        'ark_cached_objects{resource="teams"} 1',
        'ark_queries_total{namespace="paid",outcome="error"} 1',
        'ark_queries_total{namespace="paid",outcome="canceled"} 1',
      );
      await eventually(async () => {
        const { stdout } = await runtime.ark(['get', 'model', 'odd', '-o', 'json']);
        expect(JSON.parse(stdout).status.conditions).toContainEqual(
          expect.objectContaining({ type: 'PricingInvalid', message: expect.stringContaining('unit is "per-word"') }),
        );
      });
    } finally {
      await Promise.all([models.close(), engine.close()]);
    }
  });

  const shows = (...lines: string[]) =>
    eventually(async () => {
      const text = (await read()).split('\n');
      expect(lines.filter((line) => !text.includes(line))).toEqual([]);
    });
  const near = (amount: number) => expect.closeTo(amount, 9);
  const statuses = async (kind: string) => {
    const { stdout } = await runtime.ark(['get', kind, '-n', SHOP, '-o', 'json']);
    const { items } = JSON.parse(stdout) as {
      items: { metadata: { name: string }; status: { phase: string; cost?: Money } }[];
    };
    return items.map(({ metadata: { name }, status }) => ({ name, status }));
  };

  it('count requests by route, not by address', async () => {
    await fetch(`${runtime.endpoints.http}/engines/unheard-of/`);
    await eventually(async () => {
      const text = await read();
      expect(text).toMatch(
        /ark_http_request_duration_seconds_count\{method="GET",route="\/engines\/:name",code="404"\} 1/,
      );
      expect(text).not.toContain('unheard-of');
    });
  });
});

describe('figures at a port of their own', () => {
  let runtime: Runtime;
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    runtime = await Runtime.start({ env: { ARK_METRICS_PORT: String(port), ARK_MAX_CONCURRENT_QUERIES: '1' } });
  });
  afterAll(() => runtime?.dispose());
  const read = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();

  it('are there and nowhere else', async () => {
    expect(await read()).toContain('ark_bugs_total 0');
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(404);
    expect((await fetch(`${runtime.endpoints.http}/metrics`)).status).toBe(404);
  });

  it('are shown to no page that calls the port by a name of its own', async () => {
    const { statusCode, body } = await request(`http://127.0.0.1:${port}/metrics`, {
      headers: { host: 'evil.example' },
    });
    expect([statusCode, await body.text()]).toEqual([421, expect.not.stringContaining('ark_bugs_total')]);
  });

  it('tell how many Queries wait for a slot, and how long the first of them has', async () => {
    const script = [{ answer: 'Late', delayMs: 600_000 }];
    const model = resource('Model', 'default', {
      provider: 'scripted',
      model: { value: 's' },
      config: { scripted: { script } },
    });
    const queries = ['a', 'b', 'c'].map((name) => query(name, { input: 'x', target: one('model', 'default') }));
    await runtime.ark(['apply', '-f', '-'], { input: yaml(model, ...queries) });
    await eventually(async () => {
      const text = await read();
      expect(text).toContain('ark_queries_running 1\n');
      expect(text).toContain('ark_queries_waiting 2\n');
      expect(Number(/^ark_query_oldest_waiting_seconds (\S+)$/m.exec(text)?.[1])).toBeGreaterThan(0);
    });
  });
});
