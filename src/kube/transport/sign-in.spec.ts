import { describe, expect, it } from '@jest/globals';
import type { Credentials } from './connection.js';
import { SignIn } from './sign-in.js';

/** A sign-in at a clock of its own; each answer carries the number of its question as its token. */
function scripted(answer: (asked: number) => Promise<Omit<Credentials, 'token'>> = async () => ({})) {
  const world = { now: 0, asked: 0 };
  const signIn = async () => {
    world.asked += 1;
    const token = String(world.asked);
    return { ...(await answer(world.asked)), token };
  };
  const connection = { server: 'https://cluster.example', source: 'a test', signIn };
  return { world, signIn: new SignIn(connection, () => world.now) };
}

describe('Signing in', () => {
  it('happens once for all who ask at a time and after it', async () => {
    const { world, signIn } = scripted();
    const [one, two] = await Promise.all([signIn.current(), signIn.current()]);
    world.now = 1e9;
    expect([one, two, await signIn.current()].map(({ token }) => token)).toEqual(['1', '1', '1']);
  });

  it('happens again when the credentials have grown old', async () => {
    const { world, signIn } = scripted(async (asked) => ({ freshUntil: asked * 1_000 }));
    await signIn.current();
    world.now = 999;
    expect((await signIn.current()).token).toBe('1');
    world.now = 1_000;
    expect((await signIn.current()).token).toBe('2');
  });

  it('happens again after a refusal, but once for a burst of them', async () => {
    const { world, signIn } = scripted();
    await signIn.current();
    signIn.refused();
    await signIn.current();
    world.now = 499;
    signIn.refused();
    expect((await signIn.current()).token).toBe('2');
    world.now = 500;
    signIn.refused();
    expect((await signIn.current()).token).toBe('3');
  });

  it('that fails says where, and is tried anew by the next who asks', async () => {
    const { signIn } = scripted((asked) =>
      asked === 1 ? Promise.reject(new Error('no such file')) : Promise.resolve({}),
    );
    await expect(signIn.current()).rejects.toMatchObject({
      family: 'Denied',
      message: 'no credentials for https://cluster.example (a test): no such file',
    });
    expect((await signIn.current()).token).toBe('2');
  });
});
