// Measures the first piece of a model's answer through our provider beside a bare request and the bare SDK, on the same
// server in the same run. Needs the built program. Prints a Markdown table; writes nothing.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { OpenAIModelProvider } from '../../dist/plugins/models/ai-sdk/openai/openai.model-provider.js';
import { percentile, round } from '../harness/statistics.mjs';

const WARM_UP = 200;
const SAMPLES = 1_000;
const never = new AbortController().signal;
const said = 'The quick brown fox jumps over the lazy dog.';

const server = fork(new URL('./first-token-server.mjs', import.meta.url));
const [{ port }] = await once(server, 'message');
const baseUrl = `http://127.0.0.1:${port}/v1`;

const sdk = createOpenAICompatible({ name: 'bench', baseURL: baseUrl, apiKey: 'k', includeUsage: true }).chatModel('m');
const provider = new OpenAIModelProvider();
const settings = { baseUrl, apiKey: 'k' };
const config = { name: 'm', namespace: 'n', model: 'm', settings, properties: {}, headers: {} };
const body = JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: said }] });
const headers = { 'content-type': 'application/json', authorization: 'Bearer k' };

/** Each calls back at the first piece, and reads to the end so that the connection can be used again. */
const ways = {
  'bare request': async (first) => {
    const response = await fetch(`${baseUrl}/chat/completions`, { method: 'POST', headers, body });
    for await (const _bytes of response.body) first();
  },
  'bare SDK': async (first) => {
    const prompt = [{ role: 'user', content: [{ type: 'text', text: said }] }];
    const { stream } = await sdk.doStream({ prompt });
    for await (const part of stream) if (part.type === 'text-delta') first();
  },
  // Opened each time, as the runtime does it.
  'our provider': async (first) => {
    const request = { messages: [{ role: 'user', content: said }] };
    for await (const event of provider.open(config).complete(request, never)) if (event.type === 'text') first();
  },
};

async function timeOfFirst(run) {
  const begin = performance.now();
  let ms;
  await run(() => (ms ??= performance.now() - begin));
  return ms;
}

// Taken in turns, so that whatever else the machine does meets all ways alike.
const times = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
for (let i = 0; i < WARM_UP + SAMPLES; i++) {
  for (const [name, run] of Object.entries(ways)) {
    const ms = await timeOfFirst(run);
    if (i >= WARM_UP) times[name].push(ms);
  }
}
await provider.onModuleDestroy();
server.disconnect();

const at = (name, share) => round(percentile(times[name], share), 2);
process.stdout.write('| What | Budget | Measured |\n|---|---|---|\n');
for (const name of Object.keys(ways)) {
  process.stdout.write(`| first piece, ${name}, p50 | — | ${at(name, 0.5)} ms |\n`);
  process.stdout.write(`| first piece, ${name}, p99 | — | ${at(name, 0.99)} ms |\n`);
}
const added = round(at('our provider', 0.5) - at('bare request', 0.5), 2);
process.stdout.write(`| first piece, added over a bare request, p50 | ≤ 5 ms | ${added} ms |\n`);
