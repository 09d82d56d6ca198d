import { expect, it } from '@jest/globals';
import { ownAddresses } from './own-addresses.js';

const card = { netmask: '', mac: '', internal: false, family: 'IPv4' as const, cidr: null };
const cards = () => ({ lo: [{ ...card, address: '127.0.0.1' }], eth0: [{ ...card, address: '192.0.2.7' }] });

it.each([
  ['told all of them', { POD_IPS: '10.1.2.3, fd00::7', POD_IP: '10.1.2.3' }, ['10.1.2.3', 'fd00::7']],
  ['told one', { POD_IPS: '', POD_IP: '10.1.2.3' }, ['10.1.2.3']],
  ['told none', {}, ['127.0.0.1', '192.0.2.7']],
  ['told nonsense', { POD_IP: 'here' }, ['127.0.0.1', '192.0.2.7']],
])('a machine %s knows its addresses', (_, env, addresses) => {
  expect(ownAddresses(env, cards)).toEqual(addresses);
});
