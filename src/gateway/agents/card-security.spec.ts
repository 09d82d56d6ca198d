import { describe, expect, it } from '@jest/globals';
import { cardDocument } from '../../engine-host/engine-card.js';
import { cardSecurity } from './card-security.js';
import { gatewayCard } from './gateway-card.js';

const agent = {
  type: 'agent' as const,
  namespace: 'n',
  name: 'a',
  description: 'd',
  skills: [],
  inside: [],
  createdAt: '',
};
const documentOf = (settings: Parameters<typeof cardSecurity>[0]) =>
  cardDocument(gatewayCard(agent, 'http://h/', { pushNotifications: true, ...cardSecurity(settings) }));

describe('the card of an agent', () => {
  it('asks for nothing where nobody has to prove anything, and promises no other card', () => {
    const card = documentOf({ authMode: [] });
    expect(card).not.toHaveProperty('security');
    expect(card.securitySchemes ?? {}).toEqual({});
    expect(card.supportsAuthenticatedExtendedCard).toBe(false);
  });

  it('names every proof that is taken, in both generations', () => {
    const card = documentOf({ authMode: ['token', 'oidc'], oidcIssuer: 'https://login.example.com/realm/' });
    const openIdConnectUrl = 'https://login.example.com/realm/.well-known/openid-configuration';
    expect(card.securitySchemes).toMatchObject({
      token: { type: 'http', scheme: 'bearer', httpAuthSecurityScheme: { scheme: 'bearer' } },
      oidc: { type: 'openIdConnect', openIdConnectUrl, openIdConnectSecurityScheme: { openIdConnectUrl } },
    });
    expect(card.security).toEqual([{ token: [] }, { oidc: [] }]);
    expect(card.securityRequirements).toMatchObject([{ schemes: { token: {} } }, { schemes: { oidc: {} } }]);
  });
});
