import { describe, expect, it } from '@jest/globals';
import { shownAddress } from './shown-address.js';

describe('an address that is shown', () => {
  it.each([
    ['http://host', 'http://host'],
    ['http://host:81/mcp/', 'http://host:81/mcp/'],
    ['http://host/mcp?key=hunter22', 'http://host/mcp?key=…'],
    ['http://host?a=1&b=hunter22&a=2#hunter22', 'http://host/?a=…&b=…'],
    ['http://host/?hunter22', 'http://host/?…'],
    ['http://me:hunter22@host/x', 'http://host/x'],
    ['http://host/x#hunter22', 'http://host/x'],
    ['plugin:judge', 'plugin:judge'],
    ['host/x?key=hunter22', 'host/x'],
    ['', ''],
  ])('of %j is %j', (address, shown) => {
    expect(shownAddress(address)).toBe(shown);
  });

  it.each([
    ['https://host:8443/s/hunter22/mcp?key=hunter22', 'https://host:8443'],
    ['http://me:hunter22@host', 'http://host'],
    ['plugin:judge', 'plugin:judge'],
    ['plugin:judge?hunter22', 'plugin:judge'],
    ['no address but hunter22', ''],
  ])('of %j, which comes from a Secret, is %j', (address, shown) => {
    expect(shownAddress(address, { secret: true })).toBe(shown);
  });
});
