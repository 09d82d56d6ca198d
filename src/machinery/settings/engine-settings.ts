import { errorText, invalid } from '../../kit/index.js';
import { parseHostNames } from './auth-mode.js';
import { SETTING_DEFINITIONS } from './definitions.js';
import { isLoopback } from './read-settings.js';
import { httpUrl, oneOf, wholeNumber } from './setting-texts.js';

/** Where a process of engines alone listens. */
export interface EngineSettings {
  port: number;
  host: string;
  /** Where others reach it, without a slash at its end. Absent: where it listens. */
  publicUrl?: string;
  /** Host names that it answers to besides this machine's own, where nobody is asked who they are. */
  allowedHosts: readonly string[];
  /** How long a stop waits for answers to requests that are under way. */
  shutdownTimeoutMs: number;
  /** What callers must send as bearer token. Absent: nobody is asked. */
  token?: string;
}

const DEFAULT_PORT = '8000';

/**
 * The settings of a process of engines: what the caller gave, then the environment, then defaults.
 *
 * @throws `Invalid` for a value that is not valid, and for a door that is open to anybody without a word about it
 */
export function readEngineSettings(
  given: Partial<EngineSettings>,
  env: NodeJS.ProcessEnv,
  inCluster: boolean,
): EngineSettings {
  const port = read('PORT', String(given.port ?? (env.PORT || DEFAULT_PORT)), wholeNumber(0, 65_535));
  const host = given.host ?? (env.ARK_HOST || (inCluster ? '0.0.0.0' : '127.0.0.1'));
  const publicText = given.publicUrl ?? (env.ARK_PUBLIC_URL || undefined);
  const publicUrl = publicText === undefined ? undefined : read('ARK_PUBLIC_URL', publicText, httpUrl);
  const allowedHosts = read('ARK_ALLOWED_HOSTS', env.ARK_ALLOWED_HOSTS ?? '', parseHostNames);
  const { parse: waitIn, default: usual } = SETTING_DEFINITIONS.shutdownTimeoutMs;
  const shutdownTimeoutMs = read('ARK_SHUTDOWN_TIMEOUT', env.ARK_SHUTDOWN_TIMEOUT || usual, waitIn);
  const authMode = env.ARK_AUTH_MODE ? read('ARK_AUTH_MODE', env.ARK_AUTH_MODE, oneOf('none', 'token')) : undefined;
  const token = tokenOf(given.token ?? (env.ARK_ENGINE_TOKEN || undefined), authMode);
  if (!isLoopback(host) && authMode === undefined && token === undefined) {
    throw invalid(
      `This engine would listen on ${host}, where anybody could use it, because it asks nobody for a token. Set ` +
        'ARK_ENGINE_TOKEN, listen on 127.0.0.1 (ARK_HOST), or set ARK_AUTH_MODE=none to say that the network in front of it ' +
        'keeps others out.',
    );
  }
  return {
    ...{ port, host, allowedHosts, shutdownTimeoutMs },
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(token === undefined ? {} : { token }),
  };
}

function tokenOf(token: string | undefined, authMode: 'none' | 'token' | undefined): string | undefined {
  if (token === undefined) {
    if (authMode === 'token') throw invalid('ARK_AUTH_MODE is "token": set ARK_ENGINE_TOKEN, which callers must send.');
    return undefined;
  }
  if (authMode === 'none') throw invalid('ARK_ENGINE_TOKEN is set and ARK_AUTH_MODE is "none": keep one of them.');
  // Never repeat it: it is a secret.
  if (/^[\x21-\x7e]{16,}$/.test(token)) return token;
  throw invalid('ARK_ENGINE_TOKEN must be at least 16 letters, digits and signs without blanks: openssl rand -hex 32.');
}

function read<T>(name: string, text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (error) {
    throw invalid(`${name} ${errorText(error)}.`);
  }
}
