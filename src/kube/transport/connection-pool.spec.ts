import { rootCertificates } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import { ConnectionPool } from './connection-pool.js';

const pool = () =>
  new ConnectionPool({
    server: 'https://cluster.example',
    namespace: 'default',
    source: 'a test',
    signIn: async () => ({}),
  });

describe('Connections', () => {
  it('are kept when only a token was rotated', () => {
    const connections = pool();
    const before = connections.of({ token: 'old' });
    expect(connections.of({ token: 'new' })).toBe(before);
  });

  it('are new ones when another authority is to be trusted', () => {
    const connections = pool();
    const before = connections.of({});
    expect(connections.of({ ca: rootCertificates[0] })).not.toBe(before);
  });

  it('are none with a certificate that cannot be read', () => {
    expect(() => pool().of({ certificate: 'nonsense', key: 'nonsense' })).toThrow();
  });
});
