import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { difference, type Fields, intersection, pathTexts, sameFields, union } from './fields.js';

/** A set from its paths, for example `['a', 'b']` for `.a.b`. */
function setOf(paths: string[][]): Fields {
  const root: Fields = {};
  for (const path of paths) {
    let at = root;
    for (const [index, name] of path.entries()) {
      const element = `f:${name}`;
      const existing = at[element];
      const last = index === path.length - 1;
      // An element with nothing below is a member; it must say so when something comes below it.
      const wasLeaf = existing !== undefined && Object.keys(existing).length === 0;
      at[element] = existing === undefined ? {} : wasLeaf && !last ? { '.': {} } : existing;
      if (last && existing && !wasLeaf) at[element] = { '.': {}, ...existing };
      at = at[element]!;
    }
  }
  return root;
}

const paths = fc.uniqueArray(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 }), {
  selector: (path) => path.join('.'),
  maxLength: 8,
});
const texts = (fields: Fields) => pathTexts(fields).sort();
const plain = (list: string[][]) => list.map((path) => `.${path.join('.')}`);

describe('sets of field paths', () => {
  it('behave like sets of their paths', () => {
    fc.assert(
      fc.property(paths, paths, (a, b) => {
        const [left, right] = [plain(a), plain(b)];
        const [x, y] = [setOf(a), setOf(b)];
        expect(texts(union(x, y))).toEqual([...new Set([...left, ...right])].sort());
        expect(texts(difference(x, y))).toEqual(left.filter((path) => !right.includes(path)).sort());
        expect(texts(intersection(x, y))).toEqual(left.filter((path) => right.includes(path)).sort());
        expect(sameFields(x, y)).toBe(left.sort().join() === right.sort().join());
      }),
    );
  });

  it('name list items as messages do', () => {
    const fields = {
      'f:spec': { 'f:tools': { 'k:{"name":"a"}': { '.': {}, 'f:url': {} } }, 'f:tags': { 'v:"x"': {} } },
    };
    expect(pathTexts(fields)).toEqual(['.spec.tags[="x"]', '.spec.tools[name="a"]', '.spec.tools[name="a"].url']);
  });
});
