import { describe, expect, it } from '@jest/globals';
import { StatusError } from '../../kube/api-server/status.js';
import { EventRecorder } from './event-recorder.js';
import { FakeClock } from './fakes/fake-clock.js';
import { RecordingLogger, RecordingServer } from './fakes/recording-server.js';

const query = (name: string) => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Query',
  metadata: { name, namespace: 'n', uid: `uid-${name}` },
});
const started = { type: 'Normal', reason: 'Started', message: 'it began' } as const;

function setUp() {
  const server = new RecordingServer();
  const logger = new RecordingLogger();
  const clock = new FakeClock();
  return { server, logger, clock, events: new EventRecorder(server, logger, clock) };
}

describe('Events', () => {
  it('are written after whoever reports them has gone on', async () => {
    const { server, clock, events } = setUp();
    events.record(query('q'), started);
    expect(server.calls).toEqual([]);
    await clock.pass(0);
    expect(server.calls[0]).toMatchObject({
      verb: 'create',
      plural: 'events',
      object: {
        metadata: { namespace: 'n', name: expect.stringMatching(/^q\.[0-9a-f]{16}$/) },
        involvedObject: { kind: 'Query', name: 'q', namespace: 'n', uid: 'uid-q' },
        reason: 'Started',
        type: 'Normal',
        count: 1,
        source: { component: 'ark-controller' },
        firstTimestamp: '2026-01-01T00:00:00Z',
      },
    });
  });

  it('count repeats on one object instead of filling the namespace', async () => {
    const { server, clock, events } = setUp();
    events.record(query('q'), started);
    await clock.pass(1000);
    events.record(query('q'), started);
    events.record(query('q'), started);
    await clock.pass(1000);
    expect(server.calls.map(({ verb }) => verb)).toEqual(['create', 'patch']);
    expect(server.calls[1]).toMatchObject({ body: { count: 3, lastTimestamp: '2026-01-01T00:00:01Z' } });
  });

  it('begin anew when the counted one has expired', async () => {
    const { server, clock, events } = setUp();
    events.record(query('q'), started);
    await clock.pass(10);
    server.refusals.push(new StatusError('NotFound', 'gone'));
    events.record(query('q'), started);
    await clock.pass(10);
    expect(server.calls.map(({ verb }) => verb)).toEqual(['create', 'patch', 'create']);
  });

  it('never fail their reporter', async () => {
    const { server, logger, clock, events } = setUp();
    server.refusals.push(new StatusError('Forbidden', 'no'));
    events.record(query('a'), started);
    events.record(query('b'), started);
    await clock.pass(100);
    expect(server.calls).toHaveLength(2);
    expect(logger.lines.map(({ level }) => level)).toEqual(['debug']);
  });

  it('are written without pauses at shutdown', async () => {
    const { server, clock, events } = setUp();
    for (let i = 0; i < 500; i++) events.record(query(`q${i}`), started);
    const closing = events.close(100);
    await clock.pass(0);
    await closing;
    expect(server.calls).toHaveLength(500);
  });

  it('hold up a shutdown no longer than agreed when the API server is away', async () => {
    const { server, clock, events } = setUp();
    server.create = () => new Promise(() => undefined);
    events.record(query('a'), started);
    events.record(query('b'), started);
    let closed = false;
    void events.close(100).then(() => {
      closed = true;
    });
    await clock.pass(99);
    expect(closed).toBe(false);
    await clock.pass(1);
    expect(closed).toBe(true);
  });

  it('are dropped, with a word, when far too many come at once', async () => {
    const { server, logger, clock, events } = setUp();
    for (let i = 0; i < 5_100; i++) events.record(query(`q${i}`), started);
    await clock.pass(60_000);
    expect(server.calls).toHaveLength(5_000);
    expect(logger.lines).toMatchObject([{ level: 'warn', facts: { dropped: 100 } }]);
  });

  it('are missed with a word every ten seconds while too many go on coming', async () => {
    const { logger, clock, events } = setUp();
    let next = 0;
    for (let second = 0; second < 25; second++) {
      for (let i = 0; i < 5_100; i++) events.record(query(`q${next++}`), started);
      await clock.pass(1_000);
    }
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn', 'warn']);
  });

  it('make room for a warning by leaving out a normal one', async () => {
    const { server, logger, clock, events } = setUp();
    for (let i = 0; i < 5_000; i++) events.record(query(`q${i}`), started);
    events.record(query('late'), { type: 'Warning', reason: 'Failed', message: 'it broke' });
    await clock.pass(60_000);
    expect(server.calls).toHaveLength(5_000);
    expect(server.calls[0]).toMatchObject({ object: { type: 'Warning', involvedObject: { name: 'late' } } });
    expect(logger.lines).toMatchObject([{ level: 'warn', facts: { dropped: 1 } }]);
  });

  it('of many objects at once keep the last word of each', async () => {
    const { server, clock, events } = setUp();
    for (let i = 0; i < 4_000; i++) {
      events.record(query(`q${i}`), started);
      events.record(query(`q${i}`), { type: 'Normal', reason: 'Ended', message: 'it ended' });
    }
    await clock.pass(120_000);
    const ended = server.calls.filter(({ object }) => (object as unknown as { reason: string }).reason === 'Ended');
    expect(ended).toHaveLength(4_000);
  });

  it('are told as one when an object finds ever new words for the same', async () => {
    const { server, clock, events } = setUp();
    for (let i = 0; i < 15; i++) {
      events.record(query('q'), { type: 'Warning', reason: 'Failed', message: `request ${i} failed` });
      await clock.pass(1_000);
    }
    expect(server.calls.map(({ verb }) => verb)).toEqual([...Array(11).fill('create'), ...Array(4).fill('patch')]);
    expect(server.calls.at(-1)).toMatchObject({
      body: { count: 5, message: '(combined from similar events): request 14 failed' },
    });
  });

  it('of an object that reports all the time leave room for the others', async () => {
    const { server, clock, events } = setUp();
    for (let i = 0; i < 100; i++) events.record(query('busy'), { type: 'Normal', reason: `R${i}`, message: 'again' });
    events.record(query('quiet'), started);
    await clock.pass(10_000);
    expect(server.calls).toHaveLength(26);
    await clock.pass(300_000);
    events.record(query('busy'), { type: 'Normal', reason: 'Later', message: 'once more' });
    await clock.pass(1_000);
    expect(server.calls).toHaveLength(27);
  });
});
