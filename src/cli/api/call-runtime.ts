import { type ArkError, denied, errorText, notFound, unavailable } from '../../kit/errors/ark-error.js';
import type { Cluster } from '../cluster/cluster.js';
import { CommandFailure, ExitCode } from '../exit-code.js';
import { apiHeaders } from './api-headers.js';

const WITHIN_MS = 30_000;

interface Problem {
  detail?: string;
  reason?: string;
}

/**
 * One request to the runtime's HTTP door; gives the JSON of the answer.
 *
 * @throws what the runtime says, with the next step where credentials are the reason
 */
export async function callRuntime<T>(
  cluster: Cluster,
  env: NodeJS.ProcessEnv,
  request: { method: string; path: string; body?: unknown },
): Promise<T> {
  const { apiUrl } = cluster;
  if (!apiUrl) {
    throw notFound('The address of the runtime is not known here: set ARK_API_URL, e.g. http://ark.ark-system:8080.');
  }
  const response = await send(apiUrl, request, apiHeaders(env, cluster));
  const text = await response.text();
  if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as T;
  throw failure(response.status, problemIn(text));
}

async function send(
  apiUrl: string,
  { method, path, body }: { method: string; path: string; body?: unknown },
  credentials: Record<string, string>,
): Promise<Response> {
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  try {
    return await fetch(`${apiUrl}${path}`, {
      method,
      headers: { accept: 'application/json', ...json, ...credentials },
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(WITHIN_MS),
    });
  } catch (error) {
    throw unavailable(`The runtime at ${apiUrl} does not answer: ${errorText(error)}`, { cause: error });
  }
}

function problemIn(text: string): Problem {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return { detail: text.slice(0, 500) };
  }
}

function failure(status: number, { detail = '', reason }: Problem): ArkError {
  const options = { reason, details: { status } };
  if (status === 401) return denied(`${detail}. Set ARK_API_KEY or ARK_TOKEN.`, { ...options, reason: 'Unauthorized' });
  if (status === 403) return denied(detail, options);
  if (status === 404) return notFound(detail, options);
  const text = status < 500 ? detail : `The runtime answered ${status}: ${detail}`;
  return new CommandFailure(ExitCode.failed, text, reason ?? 'RequestFailed', options.details);
}
