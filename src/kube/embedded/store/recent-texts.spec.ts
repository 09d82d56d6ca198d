import { describe, expect, it } from '@jest/globals';
import { RecentTexts } from './recent-texts.js';
import { StoredObject } from './stored-object.js';

describe('the texts of stored objects', () => {
  const stored = (texts: RecentTexts, name: string, calls: string[] = []) => {
    const toJSON = () => {
      calls.push(name);
      return { name };
    };
    const metadata = { name, toJSON };
    return new StoredObject({ apiVersion: 'v1', kind: 'X', metadata }, 1, texts);
  };
  const size = stored(new RecentTexts(), 'a').characters;

  it('are made once while they are in demand', () => {
    const calls: string[] = [];
    const object = stored(new RecentTexts(), 'a', calls);
    expect(object.json).toBe(object.json);
    expect(calls).toEqual(['a']);
  });

  it('are forgotten, oldest first, when there are too many, and made anew', () => {
    const calls: string[] = [];
    const texts = new RecentTexts(size * 2);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => stored(texts, name, calls)) as [
      StoredObject,
      StoredObject,
      StoredObject,
    ];
    const made = [a.json, b.json, c.json];
    expect([c.json, b.json, a.json]).toEqual(made.toReversed());
    expect(calls).toEqual(['a', 'b', 'c', 'a']);
  });

  it('are forgotten with what was replaced, and leave room', () => {
    const calls: string[] = [];
    const texts = new RecentTexts(size * 2);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => stored(texts, name, calls)) as [
      StoredObject,
      StoredObject,
      StoredObject,
    ];
    void [a.json, b.json];
    texts.forget(b);
    void [c.json, a.json];
    expect(calls).toEqual(['a', 'b', 'c']);
  });

  it('of one too big object are made once all the same', () => {
    const calls: string[] = [];
    const object = stored(new RecentTexts(1), 'a', calls);
    void [object.json, object.json];
    expect(calls).toEqual(['a']);
  });

  it('have a length that outlives them', () => {
    const calls: string[] = [];
    const object = stored(new RecentTexts(), 'a', calls);
    expect(object.characters).toBe(size);
    object.forgetText();
    expect(object.characters).toBe(size);
    expect(calls).toEqual(['a']);
  });
});
