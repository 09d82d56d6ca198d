import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { calledAddress, type ListenAddress } from './called-address.js';

const request = (forwarded: Record<string, string> = {}) => {
  const headers = Object.fromEntries(Object.entries(forwarded).map(([name, text]) => [`x-forwarded-${name}`, text]));
  return { protocol: 'http', host: '10.0.0.7:8080', headers } as unknown as FastifyRequest;
};

describe('the address that a client called', () => {
  it.each<[what: string, forwarded: Record<string, string>, address: string]>([
    ['nothing: where the request came to', {}, 'http://10.0.0.7:8080'],
    ['a host', { host: 'ark.example.com' }, 'http://ark.example.com'],
    ['a scheme and a host', { proto: 'https', host: 'ark.example.com' }, 'https://ark.example.com'],
    ['a scheme alone', { proto: 'https' }, 'https://10.0.0.7:8080'],
    ['a port', { host: 'ark.example.com', port: '8443', proto: 'https' }, 'https://ark.example.com:8443'],
    ['the usual port', { host: 'ark.example.com', port: '443', proto: 'https' }, 'https://ark.example.com'],
    ['a port twice', { host: 'ark.example.com:9000', port: '8443' }, 'http://ark.example.com:9000'],
    ['a prefix', { host: 'ark.example.com', prefix: '/a2a/' }, 'http://ark.example.com/a2a'],
    ['several proxies', { host: 'ark.example.com, inner', proto: 'https, http' }, 'https://ark.example.com'],
    ['what is no host', { host: 'x/../y' }, 'http://10.0.0.7:8080'],
    ['what is no scheme', { proto: 'javascript', host: 'ark.example.com' }, 'http://ark.example.com'],
    ['what is no port', { host: 'ark.example.com', port: '99999' }, 'http://ark.example.com'],
  ])('follows a proxy that says %s', (_what, forwarded, address) => {
    expect(calledAddress(request(forwarded))).toBe(address);
  });

  it.each<[said: ListenAddress, address: string]>([
    [{ host: 'agents.example.com' }, 'http://agents.example.com:7184'],
    [{ port: 9000 }, 'http://localhost:9000'],
    [{ protocol: 'https' }, 'https://localhost:7184'],
    [{ protocol: 'https', host: 'agents.example.com', port: 443 }, 'https://agents.example.com'],
    [{ host: 'agents.example.com', port: 80, path: '/a2a' }, 'http://agents.example.com/a2a'],
    [{ path: '/a2a' }, 'http://10.0.0.7:8080/a2a'],
  ])('is what a person said, with the defaults of Ark: %j', (said, address) => {
    expect(calledAddress(request(), said)).toBe(address);
  });

  it('is what a proxy says, whatever a person said', () => {
    expect(calledAddress(request({ host: 'ark.example.com' }), { host: 'agents.example.com' })).toBe(
      'http://ark.example.com',
    );
  });
});
