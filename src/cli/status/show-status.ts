import { errorText } from '../../kit/errors/ark-error.js';
import type { UntypedObject } from '../../kit/resource/object.js';
import type { OfferedKind } from '../../kube/client/discovery.js';
import { ARK_GROUP } from '../cluster/ark-kinds.js';
import { type Cluster, type ClusterOptions, openCluster } from '../cluster/cluster.js';
import type { CliContext } from '../context.js';
import { parseDuration } from '../duration.js';
import { ExitCode, UsageError } from '../exit-code.js';
import { align, printJson } from '../output/print.js';
import type { KindCount, Report } from './report.js';
import { waitForReady } from './wait-for-ready.js';

export interface StatusFlags extends ClusterOptions {
  output: string;
  /** A duration. Absent: one look. */
  waitForReady?: string;
}

const PROBE_MS = 3_000;

/** Prints the state of the runtime and of everything in the cluster; exit code 1 when it is not ready. */
export async function showStatus(flags: StatusFlags, context: CliContext): Promise<ExitCode> {
  if (!['text', 'json'].includes(flags.output)) throw new UsageError(`Unknown output "${flags.output}": text or json.`);
  const look = () => report(flags, context);
  const found = flags.waitForReady ? await waitForReady(look, parseDuration(flags.waitForReady)) : await look();
  context.terminal.out(flags.output === 'json' ? printJson(found) : text(found));
  return found.runtime?.ready === false ? ExitCode.failed : ExitCode.ok;
}

/** Locates the cluster anew each time: a runtime that starts writes its addresses while somebody waits. */
async function report(flags: StatusFlags, context: CliContext): Promise<Report> {
  const cluster = await openCluster(context.terminal, flags);
  context.location = cluster.location;
  try {
    return await gather(cluster);
  } finally {
    cluster.close();
  }
}

async function gather(cluster: Cluster): Promise<Report> {
  const [version, kinds, runtime] = await Promise.all([
    cluster.client.json<{ gitVersion?: string } & UntypedObject>({ method: 'GET', path: '/version' }),
    cluster.kinds(),
    probeRuntime(cluster),
  ]);
  const ofArk = kinds.filter((kind) => kind.group === ARK_GROUP);
  return {
    server: cluster.client.connection.server,
    source: cluster.client.connection.source,
    dataDir: cluster.location.dataDir,
    serverVersion: version.gitVersion ?? 'unknown',
    runtime,
    kinds: (await Promise.all(ofArk.map((kind) => count(cluster, kind)))).filter((one) => one.total > 0),
  };
}

async function probeRuntime(cluster: Cluster): Promise<Report['runtime']> {
  const url = cluster.apiUrl;
  if (!url) return null;
  const { version, pid } = cluster.location.endpoints ?? {};
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(PROBE_MS) });
    const detail = response.ok ? undefined : (await response.text()).slice(0, 500);
    return { url, ready: response.ok, version, pid, ...(detail ? { detail } : {}) };
  } catch (error) {
    return { url, ready: false, version, pid, detail: errorText(error) };
  }
}

async function count(cluster: Cluster, kind: OfferedKind): Promise<KindCount> {
  const objects = await cluster.client.list(kind);
  return countStates(kind.plural, objects);
}

export function countStates(kind: string, objects: UntypedObject[]): KindCount {
  const states: Record<string, number> = {};
  for (const object of objects) {
    const state = stateOf(object);
    if (state) states[state] = (states[state] ?? 0) + 1;
  }
  return { kind, total: objects.length, states };
}

function stateOf(object: UntypedObject): string | undefined {
  const status = object.status as { phase?: string; conditions?: { type: string; status: string }[] } | undefined;
  const available = status?.conditions?.find(({ type }) => ['Available', 'ModelAvailable', 'Ready'].includes(type));
  if (available) return available.status === 'True' ? 'available' : 'unavailable';
  return status?.phase || undefined;
}

function text(report: Report): string {
  const { runtime } = report;
  const runtimeText = runtime
    ? `${runtime.ready ? 'ready' : 'NOT READY'} at ${runtime.url}${runtime.version ? `, version ${runtime.version}` : ''}` +
      `${runtime.pid ? `, process ${runtime.pid}` : ''}${runtime.detail ? `\n            ${runtime.detail}` : ''}`
    : 'address unknown; set ARK_API_URL to have it checked';
  const head = [
    `runtime     ${runtimeText}`,
    `API server  ${report.server}, ${report.serverVersion} (${report.source})`,
    '',
  ].join('\n');
  if (report.kinds.length === 0) return `${head}\nNothing is applied yet.\n`;
  const rows = report.kinds.map(({ kind, total, states }) => [
    kind,
    String(total),
    Object.entries(states)
      .map(([state, number]) => `${number} ${state}`)
      .join(', '),
  ]);
  return `${head}\n${align([['KIND', 'COUNT', 'STATE'], ...rows])}`;
}
