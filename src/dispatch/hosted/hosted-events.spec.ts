import { describe, expect, it } from '@jest/globals';
import { rememberingLogger } from '../../../test/harness/engine-process.js';
import { agent, query } from '../../../test/harness/manifests.js';
import { canceled, unavailable } from '../../kit/index.js';
import type { QueryOutcome } from '../../reconcilers/query/query-dispatcher.js';
import type { Agent } from '../../resources/agent/agent.resource.js';
import type { Query } from '../../resources/query/query.resource.js';
import { HostedEvents } from './hosted-events.js';

const HOSTED = agent('bot', { executionEngine: { name: 'a2a' } });
const BOT = {
  ...HOSTED,
  metadata: {
    ...HOSTED.metadata,
    annotations: {
      'ark.mckinsey.com/a2a-server-name': 'bots',
      'ark.mckinsey.com/a2a-server-address': 'http://bots/a?key=secret',
    },
  },
} as unknown as Agent;
const Q = query('q', { input: 'x', sessionId: 's' }) as unknown as Query;

interface Told {
  type: string;
  reason: string;
  message: string;
  metadata: { annotations?: Record<string, string> };
}

/** The Events of one exchange: its beginning, what went wrong, its end. They are not written in the order they came. */
async function eventsOf(work: () => Promise<QueryOutcome>): Promise<Told[]> {
  const told: Told[] = [];
  const server = { create: async (_type: unknown, event: Told) => told.push(event) };
  const events = new HostedEvents(server as never, rememberingLogger());
  await events.around(Q, BOT, work).catch(() => undefined);
  await events.onApplicationShutdown();
  const place = ({ reason }: Told) => (reason === 'A2AExecutionStart' ? 0 : reason.startsWith('A2AExecution') ? 2 : 1);
  return told.sort((a, b) => place(a) - place(b));
}

const outcome = (phase: QueryOutcome['phase']): QueryOutcome => ({
  ...{ target: { type: 'agent', name: 'bot' }, content: 'said', raw: '[]', phase },
});

describe('an exchange with an agent on an A2A server', () => {
  it.each<[QueryOutcome['phase'], string]>([
    ['done', 'A2AExecutionComplete'],
    ['input-required', 'A2AExecutionComplete'],
    ['canceled', 'A2AExecutionCanceled'],
    ['error', 'A2AExecutionError'],
  ])('that comes to %s begins and ends with an Event', async (phase, reason) => {
    const [begun, ended, ...more] = await eventsOf(async () => outcome(phase));
    expect([begun?.reason, ended?.reason, more]).toEqual(['A2AExecutionStart', reason, []]);
    const data = JSON.parse(ended?.metadata.annotations?.['ark.mckinsey.com/event-data'] ?? '') as object;
    expect(data).toMatchObject({
      a2aServer: 'bots',
      serverAddr: 'http://bots/a?key=…',
      protocol: 'a2a-jsonrpc',
      sessionId: 's',
    });
    expect(data).toHaveProperty('durationMs', expect.stringMatching(/^\d+\.\d\d$/));
    expect(JSON.stringify([begun, ended])).not.toContain('secret');
  });

  it.each([
    ['the server cannot be reached', 'ConnectionFailed', 'A2AConnectionFailed'],
    ['a header has no value', 'HeadersUnresolved', 'A2AHeaderResolutionFailed'],
    ['the answer is no JSON', 'UnreadableAnswer', 'A2AResponseParseError'],
    ['anything else goes wrong, before or after the question', 'Whatever', 'A2AMessageFailed'],
  ])('ends with two Events where %s', async (_, reason, warning) => {
    const told = await eventsOf(() => Promise.reject(unavailable('no way', { reason })));
    expect(told.map((event) => [event.type, event.reason])).toEqual([
      ['Normal', 'A2AExecutionStart'],
      ['Warning', warning],
      ['Warning', 'A2AExecutionError'],
    ]);
    expect(told[1]?.message).toBe('no way');
  });

  it('that is canceled is no failure, and one that another process goes on with has not ended', async () => {
    const reasons = async (error: Error) => (await eventsOf(() => Promise.reject(error))).map(({ reason }) => reason);
    expect(await reasons(canceled('enough'))).toEqual(['A2AExecutionStart', 'A2AExecutionCanceled']);
    expect(await reasons(unavailable('later', { reason: 'Abandoned' }))).toEqual(['A2AExecutionStart']);
  });
});
