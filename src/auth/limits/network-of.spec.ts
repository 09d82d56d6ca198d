import { describe, expect, it } from '@jest/globals';
import { FailureLimit } from './failure-limit.js';
import { networkOf } from './network-of.js';

describe('what an address is counted by', () => {
  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['1:2::5:6:7:8:9', '1:2:0:5::/64'],
    ['::1', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ])('%j is %j', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it('holds a whole network of IPv6 to the wrong credentials of its addresses', () => {
    const limit = new FailureLimit();
    for (let i = 0; i < 30; i++) limit.count(`2001:db8:1:2::${i.toString(16)}`);
    expect(limit.refusal('2001:db8:1:2:ffff::1')?.message).toContain('too many wrong credentials');
    expect(limit.refusal('2001:db8:1:3::1')).toBeUndefined();
  });
});
