import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { freePort } from '../harness/free-port.js';
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
      expect(text).toContain('ark_query_duration_seconds_count{outcome="done"} 1\n');
    });
  });

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

  it('have a port of their own where one is set, and the HTTP API shows them no longer', async () => {
    const port = await freePort();
    const other = await Runtime.start({ env: { ARK_METRICS_PORT: String(port) } });
    try {
      expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain('ark_bugs_total 0');
      expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(404);
      expect((await fetch(`${other.endpoints.http}/metrics`)).status).toBe(404);
    } finally {
      await other.dispose();
    }
  });
});
