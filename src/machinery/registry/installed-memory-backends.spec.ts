import { describe, expect, it } from '@jest/globals';
import type { InstalledExtensions } from './installed-extensions.js';
import { InstalledMemoryBackends } from './installed-memory-backends.js';

const installed = (...backends: [name: string, ...schemes: string[]][]) =>
  new InstalledMemoryBackends({
    list: () => backends.map(([name, ...schemes]) => ({ mark: { name, options: { schemes } }, instance: name })),
  } as unknown as InstalledExtensions);

describe('the memory backend of an address', () => {
  it('is the one that serves its scheme', () => {
    const backends = installed(['http', 'http', 'https'], ['redis', 'redis']);
    expect(backends.forAddress('https://memory')).toBe('http');
    expect(backends.forAddress('REDIS://memory')).toBe('redis');
  });

  it.each([
    ['ftp://memory', 'no memory backend serves addresses that begin with ftp; installed: http, https'],
    ['memory', 'the address "memory" is not a URL'],
  ])('is missed by name: %s', (address, sentence) => {
    expect(() => installed(['http', 'http', 'https']).forAddress(address)).toThrow(sentence);
  });

  it('must be the only one', () => {
    const twice = installed(['http', 'http'], ['other', 'http']);
    expect(() => twice.forAddress('http://m')).toThrow("'http' and 'other' both serve addresses that begin with http");
  });
});
