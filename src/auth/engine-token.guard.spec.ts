import { describe, expect, it } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import { EngineTokenGuard } from './engine-token.guard.js';

describe('the door of an engine', () => {
  const guard = new EngineTokenGuard('right');
  const knock = (token: string, ip: string) => {
    const request = { headers: { authorization: `Bearer ${token}` }, ip };
    const http = { getRequest: () => request, getResponse: () => ({ header: () => {} }) };
    return guard.canActivate({ getHandler: () => () => {}, switchToHttp: () => http } as unknown as ExecutionContext);
  };

  it('tells nobody who has guessed too often whether the next guess is right', () => {
    expect(knock('right', 'a')).toBe(true);
    for (let i = 0; i < 30; i++) expect(() => knock(`wrong ${i}`, 'a')).toThrow('not the one of this engine');
    expect(() => knock('right', 'a')).toThrow('too many wrong credentials');
    expect(knock('right', 'b')).toBe(true);
  });
});
