import { callRuntime } from '../api/call-runtime.js';
import { type ClusterOptions, openCluster } from '../cluster/cluster.js';
import type { CliContext } from '../context.js';
import { parseDuration } from '../duration.js';
import { UsageError } from '../exit-code.js';
import { align, printJson } from '../output/print.js';

export interface KeysFlags extends ClusterOptions {
  output: string;
}

export interface CreateFlags extends KeysFlags {
  role?: string[];
  expires: string;
}

interface ShownKey {
  name: string;
  public_key: string;
  roles: string[];
  expires_at: string | null;
  last_used_at: string | null;
  is_active: boolean;
}

const PATH = '/v1/api-keys';
const DAY_MS = 86_400_000;

/** Makes a key and prints it; nobody can print it again. */
export async function createKey(name: string, flags: CreateFlags, context: CliContext): Promise<void> {
  if (!flags.role?.length) throw new UsageError('Say what the key may do with --role, e.g. --role user@team-a.');
  const body = { name, roles: flags.role, expires_at: expiry(flags.expires) };
  const made = await call<ShownKey & { secret_key: string }>({ method: 'POST', path: PATH, body }, flags, context);
  if (flags.output === 'json') return context.terminal.out(printJson(made));
  context.terminal.out(`${made.public_key}.${made.secret_key}\n`);
  const until = made.expires_at === null ? 'It never expires.' : `It expires at ${made.expires_at}.`;
  context.terminal.err(`Keep it now: it is shown this once. ${until} Use it as ARK_API_KEY or as a bearer token.\n`);
}

export async function listKeys(flags: KeysFlags, context: CliContext): Promise<void> {
  const { items } = await call<{ items: ShownKey[] }>({ method: 'GET', path: PATH }, flags, context);
  if (flags.output === 'json') return context.terminal.out(printJson(items));
  const rows = items.map((key) => [
    key.name,
    key.public_key,
    key.roles.join(','),
    key.is_active ? 'yes' : 'no',
    key.expires_at ?? 'never',
    key.last_used_at ?? 'never',
  ]);
  context.terminal.out(align([['NAME', 'PUBLIC KEY', 'ROLES', 'ACTIVE', 'EXPIRES', 'LAST USED'], ...rows]));
}

export async function revokeKey(publicKey: string, flags: KeysFlags, context: CliContext): Promise<void> {
  // A whole key is what people have at hand; its secret must not travel in a path.
  const [publicPart = ''] = publicKey.split('.');
  await call({ method: 'DELETE', path: `${PATH}/${encodeURIComponent(publicPart)}` }, flags, context);
  context.terminal.err(`${publicPart} is revoked.\n`);
}

function expiry(text: string): string | null {
  if (text === 'never') return null;
  const days = /^(\d+)d$/.exec(text)?.[1];
  const ms = days === undefined ? parseDuration(text) : Number(days) * DAY_MS;
  if (ms === 0 || ms > 36_500 * DAY_MS) throw new UsageError('--expires must be a time from now, e.g. 90d, or never.');
  return new Date(Date.now() + ms).toISOString();
}

async function call<T>(
  request: { method: string; path: string; body?: unknown },
  flags: KeysFlags,
  context: CliContext,
): Promise<T> {
  if (!['text', 'json'].includes(flags.output)) throw new UsageError(`Unknown output "${flags.output}": text or json.`);
  const cluster = await openCluster(context.terminal, flags);
  context.location = cluster.location;
  try {
    return await callRuntime<T>(cluster, context.terminal.env, request);
  } finally {
    cluster.close();
  }
}
