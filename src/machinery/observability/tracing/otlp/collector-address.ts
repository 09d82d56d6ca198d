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
/** As the specification says. */
const TIMEOUT_MS = 10_000;

/**
 * Reads the variables `OTEL_EXPORTER_OTLP_*`; those for traces alone (`OTEL_EXPORTER_OTLP_TRACES_*`) win.
 *
 * @throws `Invalid` for a value that cannot be used, naming the variable
 */
export function readCollectorAddress(env: Environment): CollectorAddress {
  const either = (name: string) => given(env, `TRACES_${name}`) ?? given(env, name);
  const file = (name: string) => pem(either(name));
  return {
    url: urlOf(env),
    headers: { ...headersOf(given(env, 'HEADERS')), ...headersOf(given(env, 'TRACES_HEADERS')) },
    timeoutMs: milliseconds(either('TIMEOUT')),
    gzip: isGzip(either('COMPRESSION')),
    tls: { ca: file('CERTIFICATE'), key: file('CLIENT_KEY'), cert: file('CLIENT_CERTIFICATE') },
  };
}

/** A variable that is set, with its name for messages. */
interface Given {
  variable: string;
  text: string;
}

function given(env: Environment, name: string): Given | undefined {
  const variable = PREFIX + name;
  const text = env[variable]?.trim();
  return text ? { variable, text } : undefined;
}

/** The address for traces is taken as it is; the general one gets the path for traces. */
function urlOf(env: Environment): string {
  const own = given(env, 'TRACES_ENDPOINT');
  if (own) return own.text;
  const url = new URL(given(env, 'ENDPOINT')?.text ?? 'http://localhost:4318');
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  return url.href;
}

/** `a=1,b=2`, each name and value percent-encoded. */
function headersOf(given: Given | undefined): Record<string, string> {
  if (!given) return {};
  const decoded = (text: string) => decode(text, given.variable);
  const pairs = given.text.split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [decoded(name).toLowerCase(), decoded(value.join('='))];
    }),
  );
}

function decode(text: string, variable: string): string {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    // The value may be a key: it is not repeated.
    throw invalid(`${variable} has a value that is not percent-encoded; write % as %25`);
  }
}

function pem(given: Given | undefined): string | undefined {
  try {
    return given && readFileSync(given.text, 'utf8');
  } catch (error) {
    throw invalid(`${given?.variable} names a file that cannot be read: ${errorText(error)}`, { cause: error });
  }
}

function milliseconds(given: Given | undefined): number {
  if (!given) return TIMEOUT_MS;
  const value = Number(given.text);
  if (Number.isFinite(value) && value > 0) return value;
  throw invalid(`${given.variable} is "${given.text}"; say how many milliseconds, for example 10000`);
}

function isGzip(given: Given | undefined): boolean {
  if (!given || given.text === 'none') return false;
  if (given.text === 'gzip') return true;
  throw invalid(`${given.variable} is "${given.text}"; valid: gzip, none`);
}
