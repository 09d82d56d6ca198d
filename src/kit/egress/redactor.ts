/** `author` and `keyword` are none, `Authorization` is one. */
const SECRET_NAME = /key(?!word)|token|secret|password|auth(?!or(?!iz))|cookie|credential/i;
/** Sent with every call that acts; a service may repeat it wherever it likes. */
const NO_SECRET = /^idempotency-key$/i;
/** A shorter one is no secret, and taking it out would cut words to pieces. */
const SHORTEST = 6;
/** The same for what came out of a Secret, whose shorter texts are taken out where they are words of their own. */
const SHORTEST_TAKEN = 4;
/** Without them, answers in JSON could not be read any more. */
const WORDS_OF_JSON = /^(true|false|null|-?[\d.]+)$/;
/** A path as long as this may be a key; shorter ones are places. */
const LONG_PATH = 16;
/** The same for one segment of it: `subscriptions` and `v1alpha1` are places. */
const KEY_SEGMENT = /^(?=.*\d).{12,}$|^.{20,}$/s;
/** Each of them is looked for in every text; no address needs so many. */
const MOST_SEGMENTS = 32;
const HIDDEN = '…';

/**
 * What holds secrets: an object whose members have telling names (`Authorization`, `apiKey`, `X-Token` …), however deep, or
 * a list of texts that came out of Secrets, which are secret whatever they are called.
 */
export type SecretHolder = object | readonly string[];

/**
 * Takes secrets out of texts, as they are and as JSON and URLs write them. Of addresses that came out of Secrets it takes
 * the values of the query, a password, a long path and what may be a key in it wherever that stands, not the host.
 *
 * @example redactor({ Authorization: 'Bearer abc.def' })('no such key: abc.def') // 'no such key: …'
 * @example redactor(['blue-7'])('no tenant blue-7') // 'no tenant …'
 */
export function redactor(...holders: SecretHolder[]): (text: string) => string {
  const secrets = formsOf(holders);
  if (secrets.length === 0) return (text) => text;
  return (text) => secrets.reduce((left, secret) => without(secret, left, HIDDEN), text);
}

/**
 * As {@link redactor}, for a body on its way: nothing is held back but the beginning of what may become a secret.
 * Undefined when the objects hold no secret.
 */
export function redactingStream(...holders: SecretHolder[]): TransformStream<Uint8Array, Uint8Array> | undefined {
  // One character for one byte: a chunk may end within a character.
  const secrets = formsOf(holders).map((secret) => Buffer.from(secret).toString('latin1'));
  if (secrets.length === 0) return undefined;
  const hidden = Buffer.from(HIDDEN).toString('latin1');
  const clean = (text: string) => secrets.reduce((left, secret) => without(secret, left, hidden), text);
  let held = '';
  return new TransformStream({
    transform(chunk, controller) {
      const text = clean(held + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1'));
      const begun = Math.max(...secrets.map((secret) => beginningAtEnd(text, secret)));
      held = text.slice(text.length - begun);
      if (text.length > begun) controller.enqueue(Buffer.from(text.slice(0, text.length - begun), 'latin1'));
    },
    flush(controller) {
      if (held) controller.enqueue(Buffer.from(held, 'latin1'));
    },
  });
}

function without(secret: string, text: string, hidden: string): string {
  if (secret.length >= SHORTEST || !text.includes(secret)) return text.replaceAll(secret, hidden);
  const word = secret.replace(/[^\w]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return text.replace(new RegExp(`(?<!\\w)${word}(?!\\w)`, 'g'), hidden);
}

/** How many characters at the end of the text are the beginning of the secret. */
function beginningAtEnd(text: string, secret: string): number {
  for (let length = Math.min(secret.length - 1, text.length); length > 0; length--)
    if (text.endsWith(secret.slice(0, length))) return length;
  return 0;
}

/** The longest first, so that none is left in pieces. */
function formsOf(holders: readonly SecretHolder[]): string[] {
  const secrets = holders.flatMap((holder) => (Array.isArray(holder) ? takenFrom(holder) : secretsIn(holder)));
  const forms = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), inUrl(secret)]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

const inUrl = (secret: string) => encodeURIComponent(secret.toWellFormed());
const bare = (text: string) => text.trim().replace(/^(Bearer|Basic)\s+/i, '');

function secretsIn(value: object): string[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    if (typeof inner === 'object' && inner !== null) return secretsIn(inner);
    if (typeof inner !== 'string' || !SECRET_NAME.test(name) || NO_SECRET.test(name)) return [];
    return bare(inner).length >= SHORTEST ? [bare(inner)] : [];
  });
}

function takenFrom(texts: readonly string[]): string[] {
  const parts = texts.map(bare).flatMap((text) => (URL.parse(text)?.host ? secretParts(new URL(text)) : [text]));
  return parts.filter((text) => text.length >= (WORDS_OF_JSON.test(text) ? SHORTEST : SHORTEST_TAKEN));
}

function secretParts({ username, password, pathname, searchParams }: URL): string[] {
  const keys = pathname.split('/').filter((segment) => KEY_SEGMENT.test(segment));
  const inPath = [pathname.length >= LONG_PATH ? pathname : '', ...keys.slice(0, MOST_SEGMENTS)];
  return [...[username, password, ...inPath].flatMap((part) => [part, decoded(part)]), ...searchParams.values()];
}

/** A URL keeps its parts encoded; whoever reads them says them otherwise. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
