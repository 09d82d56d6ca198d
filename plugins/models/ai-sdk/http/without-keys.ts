import { redactor, type SecretHolder } from 'nest-ark';

/** What OpenAI's and Amazon's keys look like; providers quote them in their refusals. */
const KEY_SHAPES = /\b(sk-[\w*-]{6,}|(AKIA|ASIA)[A-Z0-9]{8,})/g;

/** Takes out of texts the secrets in any of the objects, and whatever has a key's shape. */
export function withoutKeys(...holders: SecretHolder[]): (text: string) => string {
  const redact = redactor(...holders);
  return (text) => redact(text).replace(KEY_SHAPES, '…');
}
