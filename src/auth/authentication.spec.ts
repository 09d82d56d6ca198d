import { describe, expect, it } from '@jest/globals';
import { Authentication } from './authentication.js';
import { UnknownSigner, unauthenticated } from './credential.js';

describe('a token that was refused', () => {
  const asking = (refuse: () => Error) => {
    const asked: string[] = [];
    const tokens = {
      find: async (token: string) => {
        asked.push(token);
        throw refuse();
      },
    };
    const authentication = new Authentication({} as never, tokens as never);
    const show = (token: string, from = '198.51.100.7') => authentication.callerOf(`Bearer ${token}`, from);
    return { asked, show, authentication };
  };

  it('is asked about once, however often it is shown, and counts each time', async () => {
    const { asked, show } = asking(() => unauthenticated('not one of ours'));
    for (let i = 0; i < 30; i++) await expect(show('wrong')).rejects.toThrow('not one of ours');
    await expect(show('wrong')).rejects.toThrow('too many wrong credentials');
    expect(asked).toEqual(['wrong']);
    await expect(show('other', '203.0.113.9')).rejects.toThrow('not one of ours');
    expect(asked).toEqual(['wrong', 'other']);
  });

  it('is asked about again where nobody could tell, and after keys were changed', async () => {
    const refusals = [new Error('the cluster is away'), new UnknownSigner('no such key'), unauthenticated('no')];
    const { asked, show, authentication } = asking(() => refusals.shift() ?? unauthenticated('still no'));
    await expect(show('a')).rejects.toThrow('away');
    await expect(show('a')).rejects.toThrow('no such key');
    await expect(show('a')).rejects.toThrow('no');
    await expect(show('a')).rejects.toThrow('no');
    expect(asked).toHaveLength(3);
    authentication.forget();
    await expect(show('a')).rejects.toThrow('still no');
  });
});
