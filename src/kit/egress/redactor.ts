/** `author` and `keyword` are none, `Authorization` is one. */
const SECRET_NAME = /key(?!word)|token|secret|password|auth(?!or(?!iz))|cookie|credential/i;
/** Sent with every call that acts; a service may repeat it wherever it likes. */
const NO_SECRET = /^idempotency-key$/i;
/** A shorter one is no secret, and taking it out would cut words to pieces. */
const SHORTEST = 6;
const HIDDEN = '…';

/**
 * Takes secrets out of texts: the values under telling names (`Authorization`, `apiKey`, `X-Token` …) in any of the
 * objects, however deep, as they are and as JSON and URLs write them.
 *
 * @example redactor({ Authorization: 'Bearer abc.def' })('no such key: abc.def') // 'no such key: …'
 */
export function redactor(...holders: object[]): (text: string) => string {
  const secrets = formsOf(holders);
  if (secrets.length === 0) return (text) => text;
  return (text) => secrets.reduce((left, secret) => left.replaceAll(secret, HIDDEN), text);
}

/**
 * As {@link redactor}, for a body on its way: nothing is held back but the beginning of what may become a secret.
 * Undefined when the objects hold no secret.
 */
export function redactingStream(...holders: object[]): TransformStream<Uint8Array, Uint8Array> | undefined {
  // One character for one byte: a chunk may end within a character.
  const secrets = formsOf(holders).map((secret) => Buffer.from(secret).toString('latin1'));
  if (secrets.length === 0) return undefined;
  const hidden = Buffer.from(HIDDEN).toString('latin1');
  const clean = (text: string) => secrets.reduce((left, secret) => left.replaceAll(secret, hidden), text);
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

/** How many characters at the end of the text are the beginning of the secret. */
function beginningAtEnd(text: string, secret: string): number {
  for (let length = Math.min(secret.length - 1, text.length); length > 0; length--)
    if (text.endsWith(secret.slice(0, length))) return length;
  return 0;
}

/** The longest first, so that none is left in pieces. */
function formsOf(holders: readonly object[]): string[] {
  const secrets = holders.flatMap((holder) => secretsIn(holder));
  const forms = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), inUrl(secret)]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

const inUrl = (secret: string) => encodeURIComponent(secret.toWellFormed());

function secretsIn(value: object): string[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    if (typeof inner === 'object' && inner !== null) return secretsIn(inner);
    if (typeof inner !== 'string' || !SECRET_NAME.test(name) || NO_SECRET.test(name)) return [];
    const bare = inner.trim().replace(/^(Bearer|Basic)\s+/i, '');
    return bare.length >= SHORTEST ? [bare] : [];
  });
}
