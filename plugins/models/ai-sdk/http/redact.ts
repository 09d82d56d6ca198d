const SECRET_NAME = /key|token|secret|password|auth|cookie|credential/i;
/** What OpenAI's and Amazon's keys look like; providers quote them in their refusals. */
const KEY_SHAPES = /\b(sk-[\w*-]{6,}|(AKIA|ASIA)[A-Z0-9]{8,})/g;

/** Takes secrets out of texts: the values under telling names in any of the objects, and whatever has a key's shape. */
export function redactor(...holders: object[]): (text: string) => string {
  const secrets = holders.flatMap((holder) => secretsIn(holder)).sort((a, b) => b.length - a.length);
  return (text) => {
    const known = secrets.reduce((left, secret) => left.replaceAll(secret, '…'), text);
    return known.replace(KEY_SHAPES, '…');
  };
}

function secretsIn(value: object): string[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    if (typeof inner === 'object' && inner !== null) return secretsIn(inner);
    if (typeof inner !== 'string' || !SECRET_NAME.test(name)) return [];
    const bare = inner.replace(/^(Bearer|Basic)\s+/i, '');
    // A shorter one is no secret, and taking it out would cut words to pieces.
    return bare.length >= 4 ? [bare] : [];
  });
}
