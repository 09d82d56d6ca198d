import { describe, expect, it } from '@jest/globals';
import { formatBaggage, parseBaggage } from './baggage.js';

describe('the baggage of a caller', () => {
  it('is read by name, decoded and without properties', () => {
    const header = 'tenant=acme ; ttl=5, ark.session.id=s%201,empty=';
    expect(parseBaggage(header)).toEqual({ tenant: 'acme', 'ark.session.id': 's 1', empty: '' });
  });

  it('goes on as it came', () => {
    const members = { tenant: 'acme', word: 'a, b; c=d "é"' };
    expect(parseBaggage(formatBaggage(members))).toEqual(members);
  });

  it.each([
    '',
    'tenant',
    '=acme',
    'ten ant=acme',
    'tenant=a b',
    'tenant=%E0%A4%A',
    'tenant="x"',
    `a=${'x'.repeat(5_000)}`,
  ])('loses what is no member: %j', (header) => {
    expect(parseBaggage(header)).toEqual({});
  });

  it('is no more than 32 members', () => {
    const header = Array.from({ length: 40 }, (_, i) => `m${i}=x`).join(',');
    expect(Object.keys(parseBaggage(header))).toHaveLength(32);
  });

  it('names nothing that objects have of their own', () => {
    expect(Object.getPrototypeOf(parseBaggage('__proto__=x,a=1'))).toBe(Object.prototype);
  });
});
