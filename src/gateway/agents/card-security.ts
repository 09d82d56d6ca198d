import type { AgentCard, SecurityScheme } from '@a2a-js/sdk';
import type { Settings } from '../../machinery/settings/settings.js';

type CardSecurity = Pick<AgentCard, 'securitySchemes' | 'securityRequirements'>;

const BEARER: SecurityScheme = {
  scheme: {
    $case: 'httpAuthSecurityScheme',
    value: { description: 'An API key, or a token of the cluster', scheme: 'bearer', bearerFormat: '' },
  },
};

/** What a card says of the proofs that the doors ask for: one of the schemes is enough. Nothing where nobody is asked. */
export function cardSecurity({ authMode, oidcIssuer = '' }: Pick<Settings, 'authMode' | 'oidcIssuer'>): CardSecurity {
  const openIdConnectUrl = `${oidcIssuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;
  const oidc: SecurityScheme = {
    scheme: {
      $case: 'openIdConnectSecurityScheme',
      value: { description: 'A token of the issuer, as Bearer', openIdConnectUrl },
    },
  };
  const schemes = { token: BEARER, oidc };
  return {
    securitySchemes: Object.fromEntries(authMode.map((mode) => [mode, schemes[mode]])),
    securityRequirements: authMode.map((mode) => ({ schemes: { [mode]: { list: [] } } })),
  };
}
