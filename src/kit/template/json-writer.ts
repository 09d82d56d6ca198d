import type { TemplateWriter } from './render-template.js';

/**
 * Writes values so that a JSON template stays JSON whatever they hold: between quotes they are escaped, outside they are
 * JSON values of their own, and a text brings its quotes. What is absent is an empty text or `null`.
 */
export function jsonWriter(): TemplateWriter {
  let inString = false;
  return {
    text: (literal) => {
      inString = endsInString(literal, inString);
      return literal;
    },
    value: (value) => {
      if (!inString) return JSON.stringify(value) ?? 'null';
      const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
      return JSON.stringify(text).slice(1, -1);
    },
  };
}

function endsInString(literal: string, inString: boolean): boolean {
  let inside = inString;
  for (let i = 0; i < literal.length; i++) {
    if (inside && literal[i] === '\\') i++;
    else if (literal[i] === '"') inside = !inside;
  }
  return inside;
}
