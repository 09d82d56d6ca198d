// Measures the gateway of the built program beside its budgets. Prints a Markdown table; writes nothing.
import { loadavg } from 'node:os';
import { flushMs } from '../harness/flush.mjs';
import { Runtime } from '../harness/runtime.mjs';
import { CHURN_SETTINGS, churn, many } from './churn.mjs';
import { messages } from './messages.mjs';

/** A durable message: the Query, its claim, the turn of its conversation, its end. Each waits for the one before. */
const FLUSHES = 4;

const flush = await flushMs();
const rows = [
  { what: 'the disk: one flush, p50', budget: '—', value: flush.toFixed(2), unit: 'ms' },
  {
    what: `the disk: ${FLUSHES} flushes of a durable message`,
    budget: '—',
    value: (FLUSHES * flush).toFixed(2),
    unit: 'ms',
  },
];
for (const [settings, measure] of [
  [{}, (runtime) => messages(runtime, 'gateway')],
  [{ ARK_GATEWAY_PERSIST: 'never' }, (runtime) => messages(runtime, 'gateway without Queries')],
  [CHURN_SETTINGS, churn],
  [{}, many],
]) {
  const runtime = await Runtime.start(settings);
  try {
    rows.push(...(await measure(runtime)));
  } finally {
    await runtime.stop();
  }
}
process.stdout.write(
  `Load of the machine: ${loadavg()[0].toFixed(1)}\n\n| What | Budget | Measured |\n|---|---|---|\n`,
);
for (const { what, budget, value, unit } of rows) process.stdout.write(`| ${what} | ${budget} | ${value} ${unit} |\n`);
process.exit();
