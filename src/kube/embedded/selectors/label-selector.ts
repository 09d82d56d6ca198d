import { StatusError } from '../../api-server/status.js';

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
    for (;;) {
      found.push(this.requirement());
      const separator = this.words[this.at++];
      if (separator === undefined) return found;
      if (separator !== ',') throw refuse(`found '${separator}', expected: ',' or 'end of string'`);
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
        return equals(key, this.value());
      case '!=': {
        const value = this.value();
        return (labels) => labels[key] !== value;
      }
      case '<':
      case '>':
        return compares(key, operator, this.value());
      case 'in':
      case 'notin': {
        const values = this.values();
        const wanted = operator === 'in';
        return (labels) => (key in labels && values.has(labels[key]!)) === wanted;
      }
      default:
        throw refuse(`found '${operator}', expected: ${OPERATORS}`);
    }
  }

  private key(word: string): string {
    if (word === '' || /^[=!<>(),]+$/.test(word)) throw refuse(`found '${word}', expected: identifier`);
    return word;
  }

  private value(): string {
    const word = this.words[this.at];
    if (word === undefined || word === ',') return '';
    this.at++;
    return word;
  }

  private values(): Set<string> {
    const open = this.words[this.at++] ?? '';
    if (open !== '(') throw refuse(`found '${open}', expected: '('`);
    const values = new Set<string>();
    let pending = '';
    for (;;) {
      const word = this.words[this.at++] ?? '';
      if (word === ')' || word === ',') {
        values.add(pending);
        pending = '';
        if (word === ')') return values;
      } else if (word === '' || pending !== '') {
        throw refuse(`found '${word}', expected: ',' or ')'`);
      } else pending = word;
    }
  }
}

function equals(key: string, value: string): LabelMatch {
  return (labels) => labels[key] === value;
}

function compares(key: string, operator: string, text: string): LabelMatch {
  if (!/^-?\d+$/.test(text)) throw refuse(`for 'Gt', 'Lt' operators, the value must be an integer`);
  const value = Number(text);
  return (labels) => {
    const own = key in labels ? Number(labels[key]) : Number.NaN;
    return operator === '<' ? own < value : own > value;
  };
}

function refuse(text: string): StatusError {
  return new StatusError('BadRequest', `unable to parse requirement: ${text}`);
}
