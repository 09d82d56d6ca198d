import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';
import { inParallel, percentile, round } from '../harness/statistics.mjs';
import { ARK_API } from '../query-plane/queries.mjs';
import { dispatcher, stream } from './a2a-calls.mjs';

const STREAMS = 1_000;
const PER_SECOND = 200;
const WORDS = 25;
const WORD_MS = 800;
const MANY = 10_000;
const AGENTS = `${ARK_API}/namespaces/default/agents`;

const agent = (name, options = {}) => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Agent',
  metadata: { name, namespace: 'default' },
  spec: { prompt: 'Repeat.', executionEngine: { name: 'echo', options } },
});

/** Needs as many slots as streams: each is a Query that runs. */
export const CHURN_SETTINGS = { ARK_MAX_CONCURRENT_QUERIES: String(STREAMS + 100) };

/** Agents that come and go while streams run: none may break, and each agent must be reachable at once. */
export async function churn(runtime) {
  const { kube } = runtime;
  await kube.create(AGENTS, agent('talker', { delayMs: WORD_MS }));
  const text = Array.from({ length: WORDS }, (_, i) => `word${i}`).join(' ');
  const url = `${runtime.endpoints.http}/agent/talker/`;
  let speaking = 0;
  let begun = 0;
  const streams = Array.from({ length: STREAMS }, async () => {
    let first = true;
    const heard = await stream(url, text, () => {
      if (first) begun += 1;
      first = false;
    }).catch(() => '');
    return heard.includes(`word${WORDS - 1}`) && heard.includes('TASK_STATE_COMPLETED');
  });
  for (const one of streams) void one.then(() => (speaking -= 1));
  speaking = STREAMS;
  while (begun < STREAMS) await pause(50);
  const { rate, reached } = await comeAndGo(runtime, () => speaking === STREAMS);
  const whole = (await Promise.all(streams)).filter(Boolean).length;
  // How quick a machine is proves nothing; a broken stream does.
  if (whole < STREAMS) process.exitCode = 1;
  return [
    {
      what: `${STREAMS} streams, agents that came and went meanwhile`,
      budget: '≥ 200 /s',
      value: round(rate, 0),
      unit: '/s',
    },
    { what: `${STREAMS} streams, broken`, budget: '0', value: STREAMS - whole, unit: '' },
    {
      what: 'new Agent → reachable meanwhile, p50',
      budget: '≤ 50 ms',
      value: round(percentile(reached, 0.5)),
      unit: 'ms',
    },
    { what: 'new Agent → reachable meanwhile, p99', budget: '—', value: round(percentile(reached, 0.99)), unit: 'ms' },
  ];
}

/** Creates agents at a steady pace, asks each for its card, and deletes it. */
async function comeAndGo(runtime, goesOn) {
  const reached = [];
  const lives = [];
  const start = performance.now();
  let made = 0;
  while (goesOn() && performance.now() - start < 10_000) {
    const due = ((performance.now() - start) / 1000) * PER_SECOND;
    for (; made < due; made++) lives.push(liveOnce(runtime, `brief-${made}`, reached));
    await pause(5);
  }
  await Promise.all(lives);
  return { rate: made / ((performance.now() - start) / 1000), reached };
}

async function liveOnce({ kube, endpoints }, name, reached) {
  await kube.call('POST', AGENTS, agent(name));
  const made = performance.now();
  while ((await card(endpoints.http, name)) !== 200) await pause(1);
  reached.push(performance.now() - made);
  await kube.call('DELETE', `${AGENTS}/${name}`);
}

async function card(http, name) {
  const { statusCode, body } = await request(`${http}/agent/${name}/.well-known/agent-card.json`, { dispatcher });
  await body.dump();
  return statusCode;
}

/** What many agents cost once somebody has asked for the card of each; and how soon one more is reached. */
export async function many(runtime) {
  const { kube, endpoints } = runtime;
  await inParallel(MANY, 64, (i) => kube.call('POST', AGENTS, agent(`agent-${i}`)));
  await inParallel(MANY, 64, (i) => card(endpoints.http, `agent-${i}`));
  const rss = runtime.rssMiB();
  const reached = [];
  for (let i = 0; i < 100; i++) await liveOnce(runtime, `late-${i}`, reached);
  return [
    { what: 'RSS with 10 000 Agents, each asked for its card', budget: '≤ 450 MiB', value: round(rss, 0), unit: 'MiB' },
    {
      what: 'new Agent → reachable beside 10 000, p50',
      budget: '≤ 50 ms',
      value: round(percentile(reached, 0.5)),
      unit: 'ms',
    },
  ];
}
