import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { RequestsUnderWay } from './requests-under-way.js';

type Hook = (request: object, reply: object, next: () => void) => void;

describe('a process that stops', () => {
  let under: RequestsUnderWay;
  let hook: Hook;
  const start = (isPatient: boolean) => {
    under = new RequestsUnderWay(isPatient);
    const instance = { addHook: (_name: string, added: Hook) => (hook = added) };
    under.watch({ getHttpAdapter: () => ({ getInstance: () => instance }) } as unknown as NestFastifyApplication);
  };
  beforeEach(() => start(true));

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

  it('lets no connection be used again', () => {
    expect(arrives('POST').headers).toEqual({});
    void under.answered();
    expect(arrives('POST').headers).toEqual({ connection: 'close' });
  });

  it('calls off what only it does, seven seconds later, and waits for that to be told', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    try {
      const sent = arrives('POST');
      const end = jest.fn(() => true);
      under.callOff(end);
      const answered = under.answered();
      await jest.advanceTimersByTimeAsync(6_999);
      expect(end).not.toHaveBeenCalled();
      await jest.advanceTimersByTimeAsync(1);
      expect(end).toHaveBeenCalledTimes(1);
      expect(await settled(answered)).toBe(false);
      sent.end();
      await answered;
    } finally {
      jest.useRealTimers();
    }
  });

  it('waits for nobody on a machine of its own', async () => {
    start(false);
    arrives('POST');
    await under.answered();
  });
});
