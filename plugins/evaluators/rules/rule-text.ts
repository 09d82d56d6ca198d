const TEXT = String.raw`'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"`;
/** However far a rule wants to look: the facts are those of one Query. */
const SCOPE = String.raw`,?\s*\bscope\s*=\s*(?:'(?:current|session|query|all)'|"(?:current|session|query|all)")`;
const WORD = String.raw`\b(?:and|or|not|True|False|None)\b`;
const ARGUMENT_NAME = String.raw`\b(?!scope\b)[A-Za-z_]\w*\s*=(?!=)\s*(?=['"])`;
const TOKENS = new RegExp([TEXT, SCOPE, WORD, ARGUMENT_NAME].join('|'), 'g');
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
