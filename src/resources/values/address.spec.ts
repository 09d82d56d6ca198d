import { describe, expect, it } from '@jest/globals';
import type { ValueSource } from '../shared/value-source.js';
import { isShownWhole, refusePassword, statusAddress } from './address.js';

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

  it('in a status is what may be seen of it, and says whether that is all of it', () => {
    const cases: [source: ValueSource, address: string, shown: string, whole: boolean][] = [
      [SECRET, 'http://host/s/hunter22/mcp?apiKey=hunter22', 'http://host', false],
      [SECRET, 'http://host', 'http://host', false],
      [{ value: 'x' }, 'http://host/mcp', 'http://host/mcp', true],
      [{ ...SECRET, value: 'x' }, 'http://host/mcp', 'http://host/mcp', true],
      [{ value: 'x' }, 'http://host/?a=b', 'http://host/?a=…', false],
    ];
    for (const [source, address, shown, whole] of cases) {
      expect([statusAddress(source, address), isShownWhole(source, shown)]).toEqual([shown, whole]);
    }
  });
});
