import { describe, expect, it } from '@jest/globals';
import { claimedUser } from './claimed-user.js';

const WHERE = { usernameClaim: 'email', groupsClaim: 'groups', prefix: '' };

describe('who a token stands for in the cluster', () => {
  it('is said by its claims, with a prefix where one is set', () => {
    const claims = { email: 'ana@example.com', groups: ['devs', 'ops'] };
    expect(claimedUser(claims, WHERE)).toEqual({ username: 'ana@example.com', groups: ['devs', 'ops'] });
    expect(claimedUser(claims, { ...WHERE, prefix: 'oidc:' })).toEqual({
      username: 'oidc:ana@example.com',
      groups: ['oidc:devs', 'oidc:ops'],
    });
    expect(claimedUser({ email: 'ana', groups: 'devs  ops' }, WHERE).groups).toEqual(['devs', 'ops']);
  });

  it('may stand deeper in a claim, or in one with dots in its name', () => {
    const claims = { 'https://a.example/name': 'ana', realm: { roles: ['devs'] } };
    const where = { usernameClaim: 'https://a.example/name', groupsClaim: 'realm.roles', prefix: '' };
    expect(claimedUser(claims, where)).toEqual({ username: 'ana', groups: ['devs'] });
  });

  it('is nobody without the claim, or with a name of the cluster itself', () => {
    expect(() => claimedUser({}, WHERE)).toThrow('ARK_IMPERSONATION_USERNAME_CLAIM');
    expect(() => claimedUser({ email: 7 }, WHERE)).toThrow('no claim "email"');
    expect(() => claimedUser({}, { ...WHERE, usernameClaim: 'constructor.name' })).toThrow('no claim');
    expect(() => claimedUser({ email: 'system:admin' }, WHERE)).toThrow('for the cluster itself');
    expect(() => claimedUser({ email: 'ana', groups: ['system:masters'] }, WHERE)).toThrow('for the cluster itself');
    expect(() => claimedUser({ email: 'ana' }, { ...WHERE, prefix: 'system:' })).toThrow('for the cluster itself');
  });
});
