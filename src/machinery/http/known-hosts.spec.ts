import { describe, expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import { refuseForeignPages } from './known-hosts.js';

describe('a door that asks nobody who they are', () => {
  it('names the path that was asked for when it refuses a host, wherever that is answered inside', async () => {
    const server = fastify({ rewriteUrl: (request) => `/inside${request.url}` });
    refuseForeignPages(server, { host: '127.0.0.1', allowedHosts: [] });
    const { statusCode, body } = await server.inject({ url: '/page?key=k', headers: { host: 'evil.example' } });
    expect(statusCode).toBe(421);
    expect(JSON.parse(body)).toMatchObject({ instance: '/page' });
  });
});
