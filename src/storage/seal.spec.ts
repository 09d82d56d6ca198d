import { describe, expect, it } from '@jest/globals';
import { Seal } from './seal.js';

const OLD = 'o'.repeat(32);
const NEW = 'n'.repeat(32);

describe('a text in the database', () => {
  it('stays as it is without a key, and tells nothing with one', () => {
    expect(new Seal().close('hunter22', 'here')).toBe('hunter22');
    const seal = new Seal([NEW]);
    const closed = [seal.close('hunter22', 'here'), seal.close('hunter22', 'here')];
    expect(closed.join()).not.toContain('hunter22');
    expect(closed[0]).not.toBe(closed[1]);
    expect(closed.map((text) => seal.open(text, 'here'))).toEqual(['hunter22', 'hunter22']);
    expect([seal.close('', 'here'), seal.open('', 'here')]).toEqual(['', '']);
  });

  it('is opened by older keys, and by everybody where none closed it', () => {
    const closed = new Seal([OLD]).close('hunter22', 'here');
    const both = new Seal([NEW, OLD]);
    expect([both.open(closed, 'here'), both.open('hunter22', 'here')]).toEqual(['hunter22', 'hunter22']);
    const cases = [closed, 'hunter22', both.close('hunter22', 'here'), ''];
    expect(cases.map((text) => both.isOld(text))).toEqual([true, true, false, false]);
    expect(cases.map((text) => new Seal().isOld(text))).toEqual([false, false, false, false]);
  });

  it('is opened by no other key, in no other place, and not after it was changed', () => {
    const closed = new Seal([NEW]).close('hunter22', 'here');
    expect(() => new Seal([OLD]).open(closed, 'here')).toThrow(/not in ARK_DATABASE_KEYS: add it there/);
    expect(() => new Seal().open(closed, 'here')).toThrow(/not in ARK_DATABASE_KEYS/);
    expect(() => new Seal([NEW]).open(closed, 'there')).toThrow('was changed in the database');
    expect(() => new Seal([NEW]).open(`${closed.slice(0, -4)}AAAA`, 'here')).toThrow('was changed in the database');
    expect(() => new Seal([NEW]).open(closed.slice(0, 20), 'here')).toThrow('was changed in the database');
  });

  it('that somebody wrote to look closed stays what it is, also when keys come later', () => {
    const closed = new Seal([OLD]).close('hunter22', 'here');
    const odd = [closed, 'sealed:1:', 'sealed:2:x', 'unsealed:1:', 'unsealed:1:x', `unsealed:1:${closed}`];
    for (const text of odd) {
      const kept = new Seal().close(text, 'here');
      for (const keys of [[], [NEW], [OLD], [NEW, OLD]]) {
        expect([text, keys.length, new Seal(keys).open(kept, 'here')]).toEqual([text, keys.length, text]);
        expect(new Seal(keys).isOld(kept)).toBe(keys.length > 0);
      }
      const seal = new Seal([NEW, OLD]);
      expect(seal.open(seal.close(text, 'here'), 'here')).toBe(text);
    }
  });

  it('that only looks closed is one like any other', () => {
    expect(new Seal().open('sealed:1:no', 'here')).toBe('sealed:1:no');
  });
});
