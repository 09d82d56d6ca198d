import { beforeEach, describe, expect, it } from '@jest/globals';
import { reconcilers, unavailable } from '../../kit/index.js';
import { Secret } from '../../resources/core/secret.resource.js';
import type { MCPServerSpec } from '../../resources/mcp-server/mcp-server.resource.js';
import { McpServerDiscoveryReconciler } from './mcp-server-discovery.reconciler.js';
import { SPEC, WatchedServer } from './watched-server.js';

const REFUSED = (wwwAuthenticate = 'Bearer resource_metadata="https://x"', status = 401) =>
  unavailable('refused', { details: { status, wwwAuthenticate } });

describe('an MCP server behind OAuth', () => {
  let world: WatchedServer;
  beforeEach(() => {
    world = new WatchedServer();
  });

  it('that wants authorization says where to get it, and keeps what it knows when that cannot be found again', async () => {
    await world.look();
    world.discovery.answer = () => {
      throw REFUSED();
    };
    await world.lookLater();
    const first = world.status()?.authorization;
    expect(first).toMatchObject({
      state: 'Required',
      resourceMetadataURL: 'https://x',
      lastDiscovered: expect.any(String),
    });
    const writes = world.context.writes.length;
    await world.lookLater();
    await world.lookLater();
    expect(world.status()?.authorization).toEqual(first);
    expect(world.context.writes).toHaveLength(writes);
    world.discovery.facts = () => {
      throw unavailable('metadata is gone');
    };
    await world.lookLater();
    expect(world.status()?.authorization).toMatchObject({ state: 'DiscoveryFailed', resourceMetadataURL: 'https://x' });
    expect(world.tools()).toHaveLength(2);
  });

  it('is called with its token, trimmed, and says whose token was refused', async () => {
    world.secret('oauth', { access_token: 't-1\n', expires_at: '2027-01-01T00:00:00Z' });
    world.put({ address: SPEC.address, pollInterval: '10s', authorization: { tokenSecretRef: { name: 'oauth' } } });
    await world.look();
    expect(world.discovery.asked[0]?.headers).toEqual({ Authorization: 'Bearer t-1' });
    expect(world.conditions()).toMatchObject({ Available: 'True Authorized' });
    expect(world.status()?.authorization).toMatchObject({ state: 'Authorized', expiresAt: '2027-01-01T00:00:00Z' });
    world.discovery.answer = () => {
      throw REFUSED();
    };
    await world.lookLater();
    expect(world.context.events.map(({ reason }) => reason)).toEqual(['TokenRejected']);
    expect(world.status()?.authorization).toMatchObject({ state: 'Required', expiresAt: '2027-01-01T00:00:00Z' });
    expect(world.said('Available')).toBe(
      "http://mcp.example.com refuses the token in secret 'oauth'; put another one there",
    );
  });

  it.each<[MCPServerSpec['authorization'], string, RegExp]>([
    [undefined, 'Bearer', /; put an access token into a Secret and name it in spec\.authorization\.tokenSecretRef$/],
    [
      { tokenSecretRef: { name: 'oauth' } },
      'Bearer',
      /; put an access token into key 'access_token' of secret 'oauth'$/,
    ],
    [undefined, 'Bearer scope="files:read files:write"', /authorization for the scopes files:read files:write;/],
  ])('that wants a token says where to put it: %j %s', async (authorization, challenge, message) => {
    world.put({ address: SPEC.address, pollInterval: '10s', authorization });
    world.discovery.answer = () => {
      throw REFUSED(challenge);
    };
    await world.look();
    expect(world.said('Available')).toMatch(message);
  });

  it('that wants wider rights than the token has is told apart from one that forbids', async () => {
    world.discovery.answer = () => {
      throw REFUSED('Bearer error="insufficient_scope", scope="files:write"', 403);
    };
    await world.look();
    expect(world.conditions()).toMatchObject({ Available: 'False AuthorizationRequired' });
    expect(world.said('Available')).toContain('files:write');
  });

  it('whose metadata moves elsewhere tells it once more', async () => {
    world.discovery.answer = () => {
      throw REFUSED();
    };
    await world.look();
    world.discovery.facts = () => ({ resource: 'http://mcp.example.com', resourceMetadataURL: 'https://y' });
    await world.lookLater();
    await world.lookLater();
    expect(world.context.events.map(({ reason }) => reason)).toEqual([
      'AuthorizationRequired',
      'AuthorizationRequired',
    ]);
  });

  it('is asked again by the clock alone while it refuses, not because of what was written about it', async () => {
    world.discovery.answer = () => {
      throw REFUSED();
    };
    await world.look();
    for (let wakes = 0; wakes < 5; wakes++) await world.look();
    expect(world.discovery.asked).toHaveLength(1);
  });

  it('is woken by the Secrets of its token, headers, address and environment', () => {
    const follows = reconcilers.markOf(McpServerDiscoveryReconciler)?.options.follows ?? [];
    const from = (name: string) => ({ valueFrom: { secretKeyRef: { name, key: 'k' } } });
    const server = world.put({
      address: from('address'),
      headers: [{ name: 'X', value: from('header') }],
      env: [{ name: 'E', ...from('env') }],
      authorization: { tokenSecretRef: { name: 'oauth' } },
    });
    const secrets = follows.find(({ kind }) => kind === Secret)?.references(server);
    expect(secrets?.map(({ name }) => name).sort()).toEqual(['address', 'env', 'header', 'oauth']);
  });

  it('whose token is missing is told so once', async () => {
    world.put({ address: SPEC.address, pollInterval: '10s', authorization: { tokenSecretRef: { name: 'oauth' } } });
    await world.look();
    await world.lookLater();
    expect(world.context.events.map(({ reason }) => reason)).toEqual(['AuthorizationSecretUnresolvable']);
  });
});
