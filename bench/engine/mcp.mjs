// Measures a call of an MCP tool through our connection beside the bare SDK client, on the same server in the same
// run. Needs the built program. Prints a Markdown table; writes nothing.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { McpRoom } from '../../dist/src/discovery/mcp-room.js';
import { inParallel, median, percentile, round, timed } from '../harness/statistics.mjs';

const WARM_UP = 300;
const SAMPLES = 2_000;
const ARGUMENTS = { text: 'The quick brown fox jumps over the lazy dog.' };
const never = new AbortController().signal;
const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

const server = fork(new URL('./mcp-server.mjs', import.meta.url));
const [{ port }] = await once(server, 'message');
const url = `http://127.0.0.1:${port}/mcp`;

const client = new Client({ name: 'bench', version: '1' }, { versionNegotiation: { mode: 'auto' } });
await client.connect(new StreamableHTTPClientTransport(new URL(url)));
await client.listTools();
const room = new McpRoom({ logger: silent, programs: false, loopback: true });
const config = { name: 'bench', url, transport: 'http', timeout: '30s', headers: {}, tools: ['echo'] };
const open = () => room.connections.connect(config, never);
const connection = await open();
await connection.listTools(never);

const ways = {
  'bare SDK client': () => client.callTool({ name: 'echo', arguments: ARGUMENTS }),
  'our connection': () => connection.callTool('echo', ARGUMENTS, { signal: never }),
  'our connection, connect and close each time': async () => {
    const own = await open();
    await own.callTool('echo', ARGUMENTS, { signal: never });
    await own.close();
  },
};

// Taken in turns, so that whatever else the machine does meets all ways alike.
const times = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
for (let i = 0; i < WARM_UP + SAMPLES; i++) {
  for (const [name, call] of Object.entries(ways)) {
    const { ms } = await timed(call);
    if (i >= WARM_UP) times[name].push(ms);
  }
}
const rows = [];
for (const [name, samples] of Object.entries(times)) {
  const budget = name.startsWith('our') ? 'peer + 2 ms' : '—';
  rows.push({ what: `MCP call, ${name}, p50`, budget, value: round(percentile(samples, 0.5), 2), unit: 'ms' });
  rows.push({ what: `MCP call, ${name}, p99`, budget: '—', value: round(percentile(samples, 0.99), 2), unit: 'ms' });
}
const rates = new Map();
for (let turn = 0; turn < 5; turn++) {
  for (const [name, call] of Object.entries(ways).slice(0, 2)) {
    const { ms } = await timed(() => inParallel(SAMPLES, 32, call));
    rates.set(name, [...(rates.get(name) ?? []), SAMPLES / (ms / 1000)]);
  }
}
for (const [name, samples] of rates) {
  rows.push({ what: `MCP calls, ${name}, 32 at once`, budget: '—', value: round(median(samples), 0), unit: '/s' });
}
const [bare, ours] = Object.values(times).map((samples) => percentile(samples, 0.5));
rows.push({
  what: 'MCP call, added over the bare SDK, p50',
  budget: '≤ 2 ms',
  value: round(ours - bare, 2),
  unit: 'ms',
});

await client.close();
await room.close();
server.disconnect();

process.stdout.write('| What | Budget | Measured |\n|---|---|---|\n');
for (const row of rows) process.stdout.write(`| ${row.what} | ${row.budget} | ${row.value} ${row.unit} |\n`);
