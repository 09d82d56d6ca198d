import { denied, errorText, unavailable } from 'nest-ark';
import { fetch, type RequestInit } from 'undici';
import { providerMessage } from '../http/refusal.js';
import { withRetries } from '../http/retries.js';
import type { AccessToken } from './token-cache.js';

const TOKEN_TIMEOUT_MS = 10_000;

/** What both token services answer; the counts are texts in one and numbers in the other. */
interface TokenAnswer {
  access_token?: string;
  expires_in?: string | number;
}

/**
 * Asks one of Azure's token services.
 *
 * @param from names the service in messages
 * @throws Denied when the service refuses, Unavailable when it cannot be reached or fails
 */
export function requestToken(url: string, init: RequestInit, from: string): Promise<AccessToken> {
  const limit = new AbortController().signal;
  return withRetries(() => once(url, init, from), limit);
}

async function once(url: string, init: RequestInit, from: string): Promise<AccessToken> {
  const { status, body } = await exchange(url, init, from);
  const text = `${from} answered ${status}: ${providerMessage(body)}`;
  // The instance's service answers 404 and 410 while it starts, and 429 when it is busy.
  if (status >= 500 || [404, 410, 429].includes(status)) throw unavailable(text, { reason: 'NoToken' });
  if (status !== 200) throw denied(text, { reason: 'NoToken' });
  const { access_token: token, expires_in: seconds } = JSON.parse(body) as TokenAnswer;
  if (!token) throw unavailable(`${from} answered without a token`, { reason: 'NoToken' });
  return { token, expiresAt: Date.now() + (Number(seconds) || 0) * 1_000 };
}

async function exchange(url: string, init: RequestInit, from: string): Promise<{ status: number; body: string }> {
  try {
    const signal = AbortSignal.timeout(TOKEN_TIMEOUT_MS);
    const response = await fetch(url, { ...init, signal, redirect: 'manual' });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    const cause = error instanceof Error && error.cause ? error.cause : error;
    throw unavailable(`${from} cannot be reached: ${errorText(cause)}`, { reason: 'NoToken' });
  }
}
