import { describe, expect, it } from '@jest/globals';
import { printedNames } from './printed-names.js';
import { renderTemplate } from './render-template.js';

describe('a template', () => {
  it.each([
    ['Hi {{.who}}', { who: 'Ada' }, 'Hi Ada'],
    ['{{ .who }} and {{- " " -}} {{.who}}', { who: 'Ada' }, 'Ada and Ada'],
    ['{who} stays, {{.other}} does not', { who: 'Ada' }, '{who} stays, <no value> does not'],
    ['{{.Query.tone}} {{index . "a-b"}}', { Query: { tone: 'dry' }, 'a-b': 1 }, 'dry 1'],
    ['{{if .a}}A{{else if .b}}B{{else}}C{{end}}!', { a: '', b: 'x' }, 'B!'],
    ['{{if .a}}A{{else}}C{{end}}', { b: 'x' }, 'C'],
    ['{{range .list}}<{{.}}{{$.x}}>{{else}}none{{end}}', { list: [1, 2], x: 'y' }, '<1y><2y>'],
    ['{{range .list}}x{{else}}none{{end}}', { list: [] }, 'none'],
    ['a {{/* nothing */}}b', { x: 1 }, 'a b'],
    ['{{.input}}', { input: { b: [true, 'x'], a: 2 } }, 'map[a:2 b:[true x]]'],
    ['{{.who}}', { who: 'has {{.who}} inside' }, 'has {{.who}} inside'],
    ['{{.constructor}}', { who: 'x' }, '<no value>'],
  ])('%s', (text, values, expected) => {
    expect(renderTemplate(text, values)).toBe(expected);
  });

  it('is used as it is when there is nothing to fill in', () => {
    expect(renderTemplate('literal {{ braces', {})).toBe('literal {{ braces');
  });

  it.each(['{{.a', '{{if .a}}x', '{{end}}', '{{printf "%s" .a}}', '{{}}', '{{.a | upper}}', '{{.a .b}}'])(
    'that cannot be read is refused: %s',
    (text) => {
      expect(() => renderTemplate(text, { a: 1 })).toThrow(/^template:/);
    },
  );

  it.each([
    ['{{.a}} {{.b.c}} {{.a}}', ['a', 'b']],
    ['{{index . "a-b"}} {{json .c}} {{index .d 0}} {{"text"}}', ['a-b', 'c', 'd']],
    ['{{if .a}}{{.a}}{{end}}{{range .list}}{{.x}}{{end}} {{$.r}}', ['r']],
    ['no braces, {one} brace', []],
  ])('%s certainly prints the names %j', (text, names) => {
    expect(printedNames(text)).toEqual(names);
  });

  it('ends, whatever ranges are in each other', () => {
    const values = { list: Array.from({ length: 100 }, (_, i) => i) };
    const nested = (depth: number) => `${'{{range $.list}}'.repeat(depth)}x${'{{end}}'.repeat(depth)}`;
    expect(renderTemplate(nested(2), values)).toHaveLength(10_000);
    expect(() => renderTemplate(nested(9), values)).toThrow('it writes too much');
    expect(() => renderTemplate(nested(1).replace('x', '{{$.big}}'), { ...values, big: 'x'.repeat(1 << 20) })).toThrow(
      'it writes too much',
    );
  });

  it('knows nothing of prototypes', () => {
    const values = { a: { b: 1 } };
    expect(renderTemplate('{{.constructor}} {{.a.__proto__}} {{index . "toString"}}', values)).toBe(
      '<no value> <no value> <no value>',
    );
  });
});
