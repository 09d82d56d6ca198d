import { describe, expect, it } from '@jest/globals';
import { guardedLookup, refuseEgress } from './egress-guard.js';

const refusal = (url: string, loopback?: boolean) => {
  try {
    refuseEgress(new URL(url), loopback === undefined ? {} : { loopback, own: [] });
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
    'http://[::169.254.169.254]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[64:ff9b:1::169.254.169.254]/',
    'http://[2002:a9fe:a9fe::1]/',
    'http://0251.0376.0251.0376/',
    'http://169.254.43518/',
    'http://①⑥⑨。254.169.254/',
    'http://168.63.129.16/',
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
    'http://[64:ff9b::808:808]/',
    'http://[2002:808:808::1]/',
  ])('is open to %s', (url) => {
    expect(refusal(url)).toBe('');
  });

  it.each([
    'http://127.0.0.1:1/',
    'http://localhost/',
    'http://api.localhost/',
    'http://[::1]/',
    'http://0.0.0.0/',
    'http://2130706433/',
    'http://0177.1/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::127.0.0.1]/',
  ])('leads to this machine (%s) only where that is allowed', (url) => {
    expect(refusal(url)).toBe('');
    expect(refusal(url, false)).toMatch(/this machine itself/);
  });

  it.each([
    'http://10.1.2.3:9090/metrics',
    'http://167838211/',
    'http://[::ffff:10.1.2.3]/',
    'http://[64:ff9b::10.1.2.3]/',
    'http://[fd00::7]:9090/metrics',
    'http://[fd00:0:0::0:7]/',
  ])('leads to this machine by the address that others know (%s) only where that is allowed', (url) => {
    const own = ['10.1.2.3', 'fd00::7'];
    expect(() => refuseEgress(new URL(url), { loopback: false, own })).toThrow(/this machine itself/);
    expect(() => refuseEgress(new URL(url), { own })).not.toThrow();
    expect(() => refuseEgress(new URL(url), { loopback: false, own: ['10.1.2.4', 'fd00::8'] })).not.toThrow();
  });

  it.each(['http://user@mcp.example.com/', 'http://:hunter22@mcp.example.com/'])(
    'is closed to %s, whose password would be shown',
    (url) => {
      expect(refusal(url)).toBe(
        'the URL of mcp.example.com holds a user or a password, which are shown with it: send them in a header',
      );
    },
  );

  it('is closed to names that resolve to what is closed', async () => {
    const error = await new Promise<Error | null>((done) => {
      guardedLookup({ loopback: false })('localhost', { all: true }, (failure) => done(failure));
    });
    expect(error?.message).toMatch(/this machine itself/);
  });

  describe('through a name', () => {
    const resolved = (addresses: string[], all: boolean) =>
      new Promise<unknown>((done) => {
        const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
        const resolver = ((_name: string, _options: object, answer: (...found: unknown[]) => void) =>
          all ? answer(null, found) : answer(null, found[0]?.address, found[0]?.family)) as never;
        guardedLookup({ loopback: false, own: ['10.1.2.3'] }, resolver)(
          'rebind.example.com',
          { all },
          (error, ...rest) => done(error?.message ?? rest),
        );
      });

    it.each([
      '169.254.169.254',
      '::ffff:169.254.169.254',
      '64:ff9b::a9fe:a9fe',
      'fe80::1%eth0',
      '127.0.0.1',
      '::1',
      '10.1.2.3',
    ])('to %s is closed, alone and among others', async (address) => {
      const closed = /never called|this machine itself/;
      expect(await resolved([address], false)).toMatch(closed);
      expect(await resolved(['192.0.2.7', address], true)).toMatch(closed);
    });

    it('to anybody else is open, and leads to what was looked at', async () => {
      expect(await resolved(['192.0.2.7'], false)).toEqual(['192.0.2.7', 4]);
      expect(await resolved(['2001:db8::7'], true)).toEqual([[{ address: '2001:db8::7', family: 6 }], undefined]);
    });
  });
});
