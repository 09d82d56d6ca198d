import { readFileSync } from 'node:fs';
import { errorText, invalid } from '../../../../kit/index.js';

/** Where spans go and how, as the standard variables of OpenTelemetry say. */
export interface CollectorAddress {
  url: string;
  headers: Record<string, string>;
  timeoutMs: number;
  gzip: boolean;
  /** Files of the variables `…_CERTIFICATE`, `…_CLIENT_KEY` and `…_CLIENT_CERTIFICATE`, as PEM. */
  tls: { ca?: string; key?: string; cert?: string };
}

type Environment = Record<string, string | undefined>;

const PREFIX = 'OTEL_EXPORTER_OTLP_';

/**
 * Reads the variables `OTEL_EXPORTER_OTLP_*`; those for traces alone (`OTEL_EXPORTER_OTLP_TRACES_*`) win.
 *
 * @throws `Invalid` for a value that cannot be used, naming the variable
 */
export function readCollectorAddress(env: Environment): CollectorAddress {
  const either = (name: string) => given(env, `TRACES_${name}`) ?? given(env, name);
  const file = (name: string) => pem(name, either(name));
  return {
    url: urlOf(env),
    headers: { ...headersOf(given(env, 'HEADERS')), ...headersOf(given(env, 'TRACES_HEADERS')) },
    timeoutMs: milliseconds(either('TIMEOUT')),
    gzip: isGzip(either('COMPRESSION')),
    tls: { ca: file('CERTIFICATE'), key: file('CLIENT_KEY'), cert: file('CLIENT_CERTIFICATE') },
  };
}

const given = (env: Environment, name: string) => env[PREFIX + name]?.trim() || undefined;

/** The address for traces is taken as it is; the general one gets the path for traces. */
function urlOf(env: Environment): string {
  const own = given(env, 'TRACES_ENDPOINT');
  if (own) return own;
  const url = new URL(given(env, 'ENDPOINT') ?? 'http://localhost:4318');
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  return url.href;
}

/** `a=1,b=2`, each name and value percent-encoded. */
function headersOf(text = ''): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [decode(name).toLowerCase(), decode(value.join('='))];
    }),
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    // The value may be a key: it is not repeated.
    throw invalid(`${PREFIX}HEADERS has a value that is not percent-encoded; write % as %25`);
  }
}

function pem(name: string, path: string | undefined): string | undefined {
  try {
    return path === undefined ? undefined : readFileSync(path, 'utf8');
  } catch (error) {
    throw invalid(`${PREFIX}${name} names a file that cannot be read: ${errorText(error)}`, { cause: error });
  }
}

function milliseconds(text = '10000'): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw invalid(`${PREFIX}TIMEOUT is "${text}"; say how many milliseconds, for example 10000`);
}

function isGzip(text = 'none'): boolean {
  if (text === 'gzip' || text === 'none') return text === 'gzip';
  throw invalid(`${PREFIX}COMPRESSION is "${text}"; valid: gzip, none`);
}
