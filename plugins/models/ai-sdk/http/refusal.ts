import { type ArkError, type ArkErrorOptions, denied, invalid, notFound, unavailable } from 'nest-ark';

const LONGEST_MESSAGE = 2_000;
const TRY_AGAIN = [408, 409, 425, 429];

/** What to tell of an answer that is not 2xx. */
export interface Refusal {
  /** Names the model. */
  subject: string;
  status: number;
  /** The body, or its beginning. */
  body: string;
  retryAfterMs?: number;
}

/** The error for an answer that is not 2xx, in the provider's words. `Unavailable` is worth another try. */
export function refusal({ subject, status, body, retryAfterMs }: Refusal): ArkError {
  const message = `${subject} answered ${status}: ${providerMessage(body)}`;
  const options: ArkErrorOptions = { details: { status }, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  if (status === 401 || status === 403) return denied(message, options);
  if (status === 404) return notFound(message, options);
  if (status >= 500 || TRY_AGAIN.includes(status)) return unavailable(message, options);
  return invalid(status < 400 ? `${message}; redirects are not followed, write the final address` : message, options);
}

/** The sentence a person looks for in a provider's error body. */
export function providerMessage(body: string): string {
  const text = (said(parsed(body)) ?? body).trim();
  if (text === '') return 'no message';
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;
}

/** OpenAI and Anthropic `{error: {message}}`, Amazon `{message}` or `{Message}`, others `{error}` and `{detail}`. */
function said(body: unknown): string | undefined {
  if (typeof body === 'string') return body;
  if (Array.isArray(body)) return said(body[0]);
  if (typeof body !== 'object' || body === null) return undefined;
  const { error, message, Message, detail, error_description: description } = body as Record<string, unknown>;
  return said(description) ?? said(error) ?? said(message) ?? said(Message) ?? said(detail);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
