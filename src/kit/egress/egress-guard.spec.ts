import { describe, expect, it } from '@jest/globals';
import { guardedLookup, refuseEgress } from './egress-guard.js';

const refusal = (url: string, loopback?: boolean) => {
  try {
    refuseEgress(new URL(url), loopback === undefined ? {} : { loopback });
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('the way out', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://0xa9fea9fe/',
    'http://2852039166/',
    'http://[fe80::1]/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fd00:ec2::254]/',
    'http://100.100.100.200/',
    'http://metadata.google.internal/',
    'http://METADATA.google.internal./',
  ])('is closed to %s', (url) => {
    expect(refusal(url)).toMatch(/never called/);
  });

  it.each([
    'http://mcp.example.com/',
    'http://10.0.0.8:8080/mcp',
    'http://server.ns.svc.cluster.local/',
    'http://[2001:db8::1]/',
  ])('is open to %s', (url) => {
    expect(refusal(url)).toBe('');
  });

  it.each(['http://127.0.0.1:1/', 'http://localhost/', 'http://[::1]/', 'http://0.0.0.0/'])(
    'leads to this machine (%s) only where that is allowed',
    (url) => {
      expect(refusal(url)).toBe('');
      expect(refusal(url, false)).toMatch(/this machine itself/);
    },
  );

  it('is closed to names that resolve to what is closed', async () => {
    const error = await new Promise<Error | null>((done) => {
      guardedLookup({ loopback: false })('localhost', { all: true }, (failure) => done(failure));
    });
    expect(error?.message).toMatch(/this machine itself/);
  });
});
