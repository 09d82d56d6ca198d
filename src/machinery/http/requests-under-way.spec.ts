import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { RequestsUnderWay } from './requests-under-way.js';

type Hook = (request: object, reply: object, next: () => void) => void;

describe('a process that stops', () => {
  let under: RequestsUnderWay;
  let hook: Hook;
  const start = (waitMs: number) => {
    under = new RequestsUnderWay(waitMs);
    const instance = { addHook: (_name: string, added: Hook) => (hook = added) };
    under.watch({ getHttpAdapter: () => ({ getInstance: () => instance }) } as unknown as NestFastifyApplication);
  };
  beforeEach(() => start(7_000));

  /** A request that arrived; its end, and the headers that it was given. */
  function arrives(method: string) {
    const raw = new EventEmitter();
    const headers: Record<string, string> = {};
    hook({ method }, { raw, header: (name: string, value: string) => (headers[name] = value) }, () => {});
    return { headers, end: () => raw.emit('close') };
  }
  const settled = async (promise: Promise<void>) => {
    let done = false;
    void promise.then(() => (done = true));
    await new Promise(setImmediate);
    return done;
  };

  it('waits for what was sent to it, and not for who reads', async () => {
    arrives('GET');
    const sent = arrives('POST');
    const answered = under.answered();
    expect(await settled(answered)).toBe(false);
    sent.end();
    await answered;
  });

  it('lets no connection be used again', async () => {
    const before = arrives('POST');
    const answered = under.answered();
    const after = arrives('POST');
    expect([before.headers, after.headers]).toEqual([{}, { connection: 'close' }]);
    for (const { end } of [before, after]) end();
    await answered;
  });

  it('calls off what only it does, and waits for nobody, after the time it is given, and for that to be told', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    try {
      const sent = arrives('POST');
      const end = jest.fn();
      under.callOff(end);
      const answered = under.answered();
      await jest.advanceTimersByTimeAsync(6_999);
      expect(end).not.toHaveBeenCalled();
      expect(under.leaving.aborted).toBe(false);
      await jest.advanceTimersByTimeAsync(1);
      expect(end).toHaveBeenCalledTimes(1);
      expect(under.leaving.reason).toMatchObject({ family: 'Unavailable' });
      expect(await settled(answered)).toBe(false);
      sent.end();
      await answered;
    } finally {
      jest.useRealTimers();
    }
  });

  it('asks for an answer at once where nobody would be waited for', async () => {
    start(0);
    const sent = arrives('POST');
    const answered = under.answered();
    expect(under.leaving.aborted).toBe(true);
    sent.end();
    await answered;
  });

  it('is gone a second later, whoever has said nothing', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    try {
      start(0);
      arrives('POST');
      const answered = under.answered();
      await jest.advanceTimersByTimeAsync(999);
      expect(await settled(answered)).toBe(false);
      await jest.advanceTimersByTimeAsync(1);
      await answered;
    } finally {
      jest.useRealTimers();
    }
  });
});
