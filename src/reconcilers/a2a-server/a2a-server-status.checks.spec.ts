import { describe, expect, it } from '@jest/globals';
import type { A2AServer } from '../../resources/a2a-server/a2a-server.resource.js';
import { eventOf, type Finding, nextStatus } from './a2a-server-status.checks.js';

const NOW = new Date('2026-01-01T00:00:00Z');
const found = (more: Partial<Finding>) =>
  ({ reason: 'AgentDiscovered', address: 'http://mock', count: 2, ...more }) as Finding;

function told(finding: Finding, before?: Finding) {
  const server = { metadata: { name: 'mock' }, spec: {} } as unknown as A2AServer;
  const known = before ? { ...server, status: nextStatus(server, before, NOW) } : server;
  const status = nextStatus(known, finding, NOW);
  return { ready: status.conditions?.[0], event: eventOf(known, finding, status) };
}

describe('a server whose agents were found', () => {
  const problems = [2, 3, 4, 5].map((number) => `agent ${number} of the list: HTTP status 404`);
  const message = `Successfully discovered 2 agents; ${problems.slice(0, 3).join('; ')}; and 1 more`;

  it('is ready, and says which others cannot be used', () => {
    expect(told(found({ problems }))).toMatchObject({
      ready: { status: 'True', reason: 'AgentDiscovered', message },
      event: { type: 'Warning', reason: 'AgentDiscoveryFailed', message },
    });
  });

  it('warns once, and again when something else is wrong', () => {
    expect(told(found({ problems }), found({ problems })).event).toBeUndefined();
    expect(told(found({ problems: ['other'] }), found({ problems })).event).toMatchObject({ type: 'Warning' });
  });

  it('says what is to know of a card that can be used, which is no reason to warn', () => {
    expect(told(found({ count: 1, notes: ['the card has no url'] }))).toMatchObject({
      ready: { message: 'Successfully discovered agent; the card has no url' },
      event: undefined,
    });
  });
});

describe('a server that is asked', () => {
  it('says so and where, stays as ready as it was, and warns of nothing', () => {
    const known = { metadata: { name: 'mock' }, spec: {} } as unknown as A2AServer;
    known.status = nextStatus(known, { reason: 'Initializing' }, NOW);
    const asked: Finding = { reason: 'DiscoveringAgents', address: 'http://mock' };
    const status = nextStatus(known, asked, NOW);
    expect(status).toMatchObject({
      lastResolvedAddress: 'http://mock',
      conditions: [
        { type: 'Ready', status: 'False', reason: 'Initializing' },
        { type: 'Discovering', status: 'True', reason: 'DiscoveringAgents' },
      ],
    });
    expect(eventOf(known, asked, status)).toBeUndefined();
  });
});
