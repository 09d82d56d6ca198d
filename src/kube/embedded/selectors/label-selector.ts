import type { StatusError } from '../../api-server/status.js';
import { badRequest } from '../errors/refusals.js';
import { labelKeyFaults, labelValueFaults } from './label-syntax.js';

type Labels = Readonly<Record<string, string>>;
export type LabelMatch = (labels: Labels) => boolean;

const NO_LABELS: Labels = {};
const TOKEN = /\s*(==|!=|=|<|>|\(|\)|,|!|[^\s=!<>(),]+)/y;
const OPERATORS = 'in, notin, =, ==, !=, gt, lt';

/** A label selector in kubectl's syntax. Throws BadRequest for a text that is none. */
export function labelSelector(text: string): LabelMatch {
  const requirements = new Parser(tokens(text)).requirements();
  return (labels = NO_LABELS) => requirements.every((requirement) => requirement(labels));
}

function tokens(text: string): string[] {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) found.push(match[1]!);
  return found;
}

class Parser {
  private at = 0;

  constructor(private readonly words: string[]) {}

  requirements(): LabelMatch[] {
    const found: LabelMatch[] = [];
    if (this.words.length === 0) return found;
    let expected = "!, identifier, or 'end of string'";
    for (;;) {
      const next = this.words[this.at] ?? '';
      if (next !== '!' && !isIdentifier(next)) throw badRequest(`found '${next}', expected: ${expected}`);
      found.push(this.requirement());
      const separator = this.words[this.at++];
      if (separator === undefined) return found;
      if (separator !== ',') throw badRequest(`found '${separator}', expected: ',' or 'end of string'`);
      expected = "identifier after ','";
    }
  }

  private requirement(): LabelMatch {
    const first = this.words[this.at++] ?? '';
    if (first === '!') {
      const key = this.key(this.words[this.at++] ?? '');
      return (labels) => !(key in labels);
    }
    const key = this.key(first);
    const operator = this.words[this.at];
    if (operator === undefined || operator === ',') return (labels) => key in labels;
    this.at++;
    return this.comparison(key, operator);
  }

  private comparison(key: string, operator: string): LabelMatch {
    switch (operator) {
      case '=':
      case '==':
        return equals(key, this.value(key));
      case '!=': {
        const value = this.value(key);
        return (labels) => labels[key] !== value;
      }
      case '<':
      case '>':
        return compares(key, operator, this.value(key));
      case 'in':
      case 'notin': {
        const values = this.values(key);
        const wanted = operator === 'in';
        return (labels) => (key in labels && values.has(labels[key]!)) === wanted;
      }
      default:
        throw refuse(`found '${operator}', expected: ${OPERATORS}`);
    }
  }

  private key(word: string): string {
    if (!isIdentifier(word)) throw refuse(`found '${word}', expected: identifier`);
    const faults = labelKeyFaults(word);
    if (faults.length > 0) throw refuse(`<nil>: Invalid value: ${JSON.stringify(word)}: ${faults.join('; ')}`);
    return word;
  }

  private value(key: string): string {
    const word = this.words[this.at];
    if (word === undefined || word === ',') return '';
    if (!isIdentifier(word)) throw refuse(`found '${word}', expected: identifier`);
    this.at++;
    return checkedValue(key, word);
  }

  private values(key: string): Set<string> {
    const open = this.words[this.at++] ?? '';
    if (open !== '(') throw refuse(`found '${open}' expected: '('`);
    const values = new Set<string>();
    let pending = '';
    for (;;) {
      const word = this.words[this.at++] ?? '';
      if (word === ')' || word === ',') {
        values.add(checkedValue(key, pending));
        pending = '';
        if (word === ')') return values;
      } else if (word === '' || pending !== '') {
        throw refuse(`found '${word}', expected: ',' or ')'`);
      } else pending = word;
    }
  }
}

function isIdentifier(word: string): boolean {
  return word !== '' && !/^[=!<>(),]+$/.test(word);
}

function checkedValue(key: string, value: string): string {
  const faults = labelValueFaults(value);
  if (faults.length === 0) return value;
  throw refuse(`values[0][${key}]: Invalid value: ${JSON.stringify(value)}: ${faults.join('; ')}`);
}

function equals(key: string, value: string): LabelMatch {
  return (labels) => labels[key] === value;
}

function compares(key: string, operator: string, text: string): LabelMatch {
  if (!/^-?\d+$/.test(text)) {
    const value = JSON.stringify(text);
    throw refuse(`values[0]: Invalid value: ${value}: for 'Gt', 'Lt' operators, the value must be an integer`);
  }
  const value = Number(text);
  return (labels) => {
    const own = key in labels ? Number(labels[key]) : Number.NaN;
    return operator === '<' ? own < value : own > value;
  };
}

function refuse(text: string): StatusError {
  return badRequest(`unable to parse requirement: ${text}`);
}
