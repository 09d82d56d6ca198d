import { describe, expect, it } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { EngineTokenGuard } from './engine-token.guard.js';

type Hook = (request: object, reply: object) => Promise<void>;

describe('the door of an engine', () => {
  let ask: Hook = async () => {};
  const server = {
    addHook: (_name: string, hook: Hook) => {
      ask = hook;
    },
  };
  const guard = new EngineTokenGuard({ httpAdapter: { getInstance: () => server } } as HttpAdapterHost, 'right');
  const enter = (request: object) =>
    guard.canActivate({ switchToHttp: () => ({ getRequest: () => request }) } as ExecutionContext);
  const knock = async (token: string, ip: string) => {
    const request = { headers: { authorization: `Bearer ${token}` }, ip, routeOptions: { config: {} } };
    await ask(request, { header: () => {} });
    return enter(request);
  };

  it('tells nobody who has guessed too often whether the next guess is right', async () => {
    expect(await knock('right', 'a')).toBe(true);
    for (let i = 0; i < 30; i++) await expect(knock(`wrong ${i}`, 'a')).rejects.toThrow('not the one of this engine');
    await expect(knock('right', 'a')).rejects.toThrow('too many wrong credentials');
    expect(await knock('right', 'b')).toBe(true);
  });

  it('lets nobody in who was not asked', () => {
    expect(enter({})).toBe(false);
  });
});
