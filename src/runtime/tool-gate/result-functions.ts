import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { errorText, invalid } from '../../kit/index.js';
import type { ToolFunction } from '../../resources/agent/agent.resource.js';
import type { Query } from '../../resources/query/query.resource.js';
import { named } from '../../resources/values/resolve-parameters.js';
import { resolveValue } from '../../resources/values/resolve-value.js';
import type { ValueLookup } from '../../resources/values/value-lookup.js';

/** Milliseconds a filter may take. */
const LIMIT_MS = 10_000;

/** What jq says when its own memory, which has a bound, is full. */
const ABORTED = /^Aborted\(/;

/** A filter can run for ever and nothing in its own thread could stop it: it gets one of its own. */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
import(workerData.jq)
  .then(({ raw }) => raw(workerData.text, workerData.filter, ['-c']))
  .then((output) => parentPort.postMessage({ output }))
  .catch((error) => parentPort.postMessage({ error: String(error?.message ?? error) }));
`;

/**
 * Passes a tool's result through the functions of its manifest entry. There is one, `jq`: of a result that is JSON it
 * leaves what the filter gives, several outputs as a list, none as an empty text. A result that is not JSON stays as it
 * is.
 *
 * @throws `Invalid` for an unknown function and for a filter that fails
 */
export async function resultFunctions(
  functions: readonly ToolFunction[],
  text: string,
  { namespace, query }: { namespace: string; query: Query },
  objects: ValueLookup,
): Promise<string> {
  let result = text;
  for (const each of functions) {
    if (each.name !== 'jq') throw invalid(`function '${each.name}' is unknown; known functions: jq`);
    const filter = await named('function jq', () => resolveValue(each, namespace, objects, query));
    if (isJson(result)) result = await jq(result, filter ?? '.');
  }
  return result;
}

async function jq(text: string, filter: string): Promise<string> {
  const output = await inWorker({ text, filter, jq: createRequire(import.meta.url).resolve('jq-wasm') }).catch(
    (error) => {
      throw invalid(`function jq, filter "${filter}": ${errorText(error)}`);
    },
  );
  const values = output.split('\n').filter((line) => line !== '');
  return values.length > 1 ? `[${values.join(',')}]` : (values[0] ?? '');
}

async function inWorker(workerData: object): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  // Its own streams, which nobody reads: jq writes there what it also throws.
  const worker = new Worker(PROGRAM, {
    eval: true,
    workerData,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  const timer = setTimeout(() => reject(new Error(`it took longer than ${LIMIT_MS / 1000} seconds`)), LIMIT_MS);
  worker.on('message', ({ output, error }: { output: string; error?: string }) =>
    error === undefined
      ? resolve(output)
      : reject(new Error(ABORTED.test(error) ? 'it needs more memory than a filter gets' : error)),
  );
  worker.on('error', reject);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
