import { errorText } from 'nest-ark';

/** Causes deeper than this are not looked for. */
const DEEPEST = 10;

/** The text of the innermost cause: the SDK wraps `other side closed` into `Failed to process successful response`. */
export function innermostText(error: unknown): string {
  let text = errorText(error);
  let current = error;
  for (let depth = 0; depth < DEEPEST && current instanceof Error; depth++) {
    text = current.message || text;
    current = current.cause;
  }
  return text;
}
