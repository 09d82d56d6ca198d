import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fillBody } from './request-body.js';

const form = 'application/x-www-form-urlencoded';

describe('the body of an HTTP tool', () => {
  it('stays JSON whatever an argument holds, and the argument stays one value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), fc.string(), (name, value, key) => {
        const template = '{"user": {"name": "{{.input.name}}", "key": "{{.key}}"}, "value": {{.input.value}}}';
        const { text, contentType } = fillBody(template, { name, value }, { key });
        expect(contentType).toBe('application/json');
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify({ user: { name, key }, value })));
      }),
    );
  });

  it('can be the arguments as they are, or one of them', () => {
    expect(fillBody('{{json .input}}', { a: [1, 'x'] }, {})).toEqual({
      text: '{"a":[1,"x"]}',
      contentType: 'application/json',
    });
    expect(fillBody('{"all": {{json .input.list}}}', { list: ['"'] }, {}).text).toBe('{"all": ["\\""]}');
  });

  it('keeps lists and conditions valid', () => {
    const template = '["start"{{range .input.items}}, "{{.}}"{{end}}{{if .input.last}}, {{.input.last}}{{end}}]';
    expect(JSON.parse(fillBody(template, { items: ['a"', 'b\\'], last: { x: 1 } }, {}).text)).toEqual([
      'start',
      'a"',
      'b\\',
      { x: 1 },
    ]);
  });

  it('says null and empty text for what is absent', () => {
    expect(fillBody('{"a": {{.input.a}}, "b": "{{.input.b}}"}', {}, {}).text).toBe('{"a": null, "b": ""}');
  });

  it('of a form keeps its fields apart', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (a) => {
        const { text } = fillBody('a={{.input.a}}&b=1', { a }, {}, form);
        expect([...new URLSearchParams(text)]).toEqual([
          ['a', a.toWellFormed()],
          ['b', '1'],
        ]);
      }),
    );
  });

  it('of another type is filled as it is', () => {
    expect(fillBody('Dear {{.input.who}},', { who: '"Ada"' }, {}, 'text/plain')).toEqual({ text: 'Dear "Ada",' });
  });

  it('that cannot become JSON is refused before it is sent', () => {
    expect(() => fillBody('{"a": {{.input.a}}', { a: 1 }, {})).toThrow(/is not JSON: check spec\.http\.body/);
  });
});
