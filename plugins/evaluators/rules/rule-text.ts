const TOKENS =
  /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\b(?:and|or|not|True|False|None)\b|\b[A-Za-z_]\w*\s*=(?!=)\s*(?=['"])/g;
const WORDS: Record<string, string> = { and: '&&', or: '||', not: '!', True: 'true', False: 'false', None: 'null' };

/**
 * A rule as CEL. Rules written for Ark's evaluator use Python's words (`and`, `or`, `not`, `True`) and may name the
 * second argument of a call (`scope='query'`); texts in quotes stay as they are.
 */
export function ruleText(expression: string): string {
  return expression.replace(TOKENS, (token) => {
    if (/^['"]/.test(token)) return token;
    return WORDS[token] ?? '';
  });
}
