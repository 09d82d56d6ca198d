import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fillUrl } from './url-template.js';

describe('the URL of an HTTP tool', () => {
  it('is filled with escaped arguments; a placeholder without argument stays', () => {
    const url = fillUrl('http://api.test/users/{id}?q={q}&n={n}&l={l}&x={x}', { id: 'a/b', q: 'c&d=e', n: 3, l: [1] });
    expect(url.href).toBe('http://api.test/users/a%2Fb?q=c%26d%3De&n=3&l=%5B1%5D&x={x}');
  });

  it('keeps every argument where the manifest put it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (id, q) => {
        fc.pre(id !== '.' && id !== '..');
        const url = fillUrl('https://api.test:8443/v1/users/{id}/mail?limit=1&q={q}', { id, q });
        expect(url.origin).toBe('https://api.test:8443');
        const segments = url.pathname.split('/');
        expect(segments.map(decodeURIComponent)).toEqual(['', 'v1', 'users', id.toWellFormed(), 'mail']);
        expect([...url.searchParams]).toEqual([
          ['limit', '1'],
          ['q', q.toWellFormed()],
        ]);
        expect(url.hash).toBe('');
      }),
    );
  });

  it.each([{ a: '..' }, { a: '.' }, { a: '.', b: '.' }])('does not climb out of its folder with %j', (args) => {
    expect(() => fillUrl('http://api.test/safe/{a}{b}', { b: '', ...args })).toThrow(/cannot be "\." or "\.\."/);
  });

  it('leads to no other kind of place', () => {
    expect(() => fillUrl('{scheme}://x/', { scheme: 'file' })).toThrow(/must begin with http/);
    expect(() => fillUrl('http://{host}/', { host: 'a b' })).toThrow(/URL is none/);
  });
});
