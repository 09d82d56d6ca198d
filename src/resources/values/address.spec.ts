import { describe, expect, it } from '@jest/globals';
import { refusePassword, shownAddress } from './address.js';

const SECRET = { valueFrom: { secretKeyRef: { name: 's', key: 'k' } } };

describe('an address', () => {
  it.each(['http://user:hunter22@host/', 'https://hunter22@host', 'postgres://u:hunter22@host/db'])(
    'with a password is refused without being quoted: %s',
    (address) => {
      const refusal = () => refusePassword(address);
      expect(refusal).toThrow(/holds a user or a password/);
      expect(refusal).not.toThrow(/hunter22/);
    },
  );

  it.each(['http://host:80/a@b', 'plugin:judge', 'not a url'])('like %s is fine', (address) => {
    expect(() => refusePassword(address)).not.toThrow();
  });

  it('from a Secret is shown without what may be a key in it', () => {
    expect(shownAddress(SECRET, 'http://host/mcp?apiKey=hunter22')).toBe('http://host/mcp');
    expect(shownAddress(SECRET, 'http://host')).toBe('http://host');
    expect(shownAddress({ value: 'http://host/?a=b' }, 'http://host/?a=b')).toBe('http://host/?a=b');
  });
});
