/** One that does not end is taken to the end: looked at from each of its quotes, it would cost the square of its length. */
const TEXT = String.raw`'(?:\\.|[^'\\])*(?:'|\\?$)|"(?:\\.|[^"\\])*(?:"|\\?$)`;
/** However far a rule wants to look: the facts are those of one Query. */
const SCOPE = String.raw`\bscope\s*=\s*(?:'(?:current|session|query|all)'|"(?:current|session|query|all)")`;
/** It goes with the comma before it, or with the one behind where it is named first. */
const SCOPES = String.raw`,\s*${SCOPE}|${SCOPE}\s*(?:,\s*)?`;
const WORD = String.raw`\b(?:and|or|not|True|False|None)\b`;
const ARGUMENT_NAME = String.raw`\b(?!scope\b)[A-Za-z_]\w*\s*=(?!=)\s*(?=['"])`;
const TOKENS = new RegExp([TEXT, SCOPES, WORD, ARGUMENT_NAME].join('|'), 'gs');
const WORDS: Record<string, string> = { and: '&&', or: '||', not: '!', True: 'true', False: 'false', None: 'null' };

/**
 * A rule as CEL. Rules written for Ark's evaluator use Python's words (`and`, `or`, `not`, `True`) and may name
 * arguments (`key='city'`); texts in quotes stay as they are.
 */
export function ruleText(expression: string): string {
  return expression.replace(TOKENS, (token) => {
    if (/^['"]/.test(token)) return token;
    return WORDS[token] ?? '';
  });
}
