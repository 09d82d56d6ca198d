import { describe, expect, it } from '@jest/globals';
import { parseJson, parseYaml } from './parse-body.js';
import { scanJson } from './scan-json.js';

describe('a JSON body', () => {
  it('with a key twice is read and the path of the key reported', () => {
    const body = parseJson('{"spec":{"tools":[{"a":1},{"a":1,"b":"}","a":2}],"tools":3}}', '');
    expect(body.value).toEqual({ spec: { tools: 3 } });
    expect(body.findings).toEqual(['duplicate field "spec.tools[1].a"', 'duplicate field "spec.tools"']);
  });

  it('with the same key in different objects is fine', () => {
    expect(parseJson('{"a":{"x":1},"b":{"x":1},"c":["x","x"],"d":"x\\"x"}', '').findings).toEqual([]);
  });

  it('recognises a key that is written with an escape', () => {
    expect(parseJson('{"a":1,"\\u0061":2}', '').findings).toEqual(['duplicate field "a"']);
  });

  it('that is broken is refused in one line', () => {
    expect(() => parseJson('{bad', 'while reading: ')).toThrow(/^while reading: /);
    expect(() => parseJson('', '')).toThrow('unexpected end of JSON input');
  });

  it('too deep for the checks behind is refused', () => {
    expect(() => parseJson('['.repeat(5000) + ']'.repeat(5000), '')).toThrow('exceeded max depth');
    expect(scanJson('[[[]]]', 10).depth).toBe(3);
  });

  it('cannot reach the prototype of objects', () => {
    expect(() => parseJson('{"metadata":{"__proto__":{"x":1}}}', '')).toThrow('__proto__');
    expect(() => parseJson('{"\\u005f_proto__":{"x":1}}', '')).toThrow('__proto__');
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});

describe('a YAML body', () => {
  it('becomes the same value as JSON', () => {
    expect(parseYaml('a: {b: [1, true, null, "x"]}\nwhen: 2026-01-01\n', '').value).toEqual({
      a: { b: [1, true, null, 'x'] },
      when: '2026-01-01',
    });
  });

  it('with a key twice is read and the line reported', () => {
    const body = parseYaml('spec:\n  model: m\n  model: n\n', '');
    expect(body.value).toEqual({ spec: { model: 'n' } });
    expect(body.findings).toEqual(['yaml: unmarshal errors:\n  line 3: key "model" already set in map']);
  });

  it('that is broken is refused with its line', () => {
    expect(() => parseYaml('a: 1\nb: [', '')).toThrow(/yaml: line \d+: /);
    expect(() => parseYaml('', '')).toThrow('yaml');
  });

  it('that would blow up through aliases is refused', () => {
    const levels = 'bcdefghi'
      .split('')
      .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(',')}]`);
    expect(() => parseYaml(['a: &a [x,x,x,x,x,x,x,x,x]', ...levels].join('\n'), '')).toThrow('alias');
  });
});
