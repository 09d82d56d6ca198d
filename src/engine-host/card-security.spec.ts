import { describe, expect, it } from '@jest/globals';
import { DoorProofs } from '../machinery/http/door-proofs.js';
import { cardSecurity } from './card-security.js';
import { cardDocument, engineCard } from './engine-card.js';

const documentOf = (proofs: DoorProofs) =>
  cardDocument(engineCard({ name: 'a', description: 'd' }, 'http://h/', cardSecurity(proofs)));

describe('a card', () => {
  it('asks for nothing where nobody has to prove anything', () => {
    const card = documentOf(DoorProofs.ofSettings({ authMode: [] }));
    expect(card).not.toHaveProperty('security');
    expect(card.securitySchemes ?? {}).toEqual({});
    expect(documentOf(DoorProofs.ofEngineToken(undefined))).not.toHaveProperty('security');
  });

  it('names every proof that is taken, in both generations', () => {
    const oidcIssuer = 'https://login.example.com/realm/';
    const card = documentOf(DoorProofs.ofSettings({ authMode: ['token', 'oidc'], oidcIssuer }));
    const openIdConnectUrl = 'https://login.example.com/realm/.well-known/openid-configuration';
    expect(card.securitySchemes).toMatchObject({
      token: { type: 'http', scheme: 'bearer', httpAuthSecurityScheme: { scheme: 'bearer' } },
      oidc: { type: 'openIdConnect', openIdConnectUrl, openIdConnectSecurityScheme: { openIdConnectUrl } },
    });
    expect(card.security).toEqual([{ token: [] }, { oidc: [] }]);
    expect(card.securityRequirements).toMatchObject([{ schemes: { token: {} } }, { schemes: { oidc: {} } }]);
  });

  it('names the token of an engine that has one', () => {
    expect(documentOf(DoorProofs.ofEngineToken('secret'))).toMatchObject({
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'The token of this engine' } },
      security: [{ token: [] }],
    });
  });
});
