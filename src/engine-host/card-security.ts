import type { AgentCard, SecurityScheme } from '@a2a-js/sdk';
import type { DoorProof, DoorProofs } from '../machinery/http/door-proofs.js';

export type CardSecurity = Pick<AgentCard, 'securitySchemes' | 'securityRequirements'>;

/** What a card says of the proofs that the doors ask for: one of the schemes is enough. Nothing where nobody is asked. */
export const cardSecurity = ({ all }: DoorProofs): CardSecurity => ({
  securitySchemes: Object.fromEntries(all.map((proof) => [proof.name, schemeOf(proof)])),
  securityRequirements: all.map(({ name }) => ({ schemes: { [name]: { list: [] } } })),
});

function schemeOf({ description, issuer }: DoorProof): SecurityScheme {
  if (issuer === undefined) {
    const value = { description, scheme: 'bearer', bearerFormat: '' };
    return { scheme: { $case: 'httpAuthSecurityScheme', value } };
  }
  const openIdConnectUrl = `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;
  return { scheme: { $case: 'openIdConnectSecurityScheme', value: { description, openIdConnectUrl } } };
}
