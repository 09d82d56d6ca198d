import { AgentCard, type AgentInterface, SecurityScheme } from '@a2a-js/sdk';
import { duplicateInterfacesForLegacy } from '@a2a-js/sdk/compat/v0_3';
import type { EngineOptions } from '../kit/index.js';
import { QUERY_EXTENSION } from '../resources/labels.js';
import type { CardSecurity } from './card-security.js';

/** Whether an engine yields its answer in pieces. */
export const streams = (options: EngineOptions): boolean => options.streaming !== false;

/** The card of an engine that is reached at `url` (no slash at the end). */
export function engineCard(options: EngineOptions, url: string, security: CardSecurity): AgentCard {
  const door = (protocolBinding: string): AgentInterface => ({
    url,
    protocolBinding,
    tenant: '',
    protocolVersion: '1.0',
  });
  return {
    name: options.name,
    description: options.description,
    version: options.version ?? '1.0.0',
    supportedInterfaces: duplicateInterfacesForLegacy([door('JSONRPC'), door('HTTP+JSON')], ['JSONRPC', 'HTTP+JSON']),
    provider: undefined,
    capabilities: {
      streaming: streams(options),
      pushNotifications: false,
      extendedAgentCard: false,
      extensions: [{ uri: QUERY_EXTENSION, description: 'Ark query context', required: false, params: undefined }],
    },
    ...security,
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [
      {
        id: `${options.name}-execute`,
        name: `${options.name} agent execution`,
        description: `Executes agents with the engine ${options.name}`,
        tags: [options.name, 'execution-engine'],
        examples: [],
        inputModes: [],
        outputModes: [],
        securityRequirements: [],
      },
    ],
    signatures: [],
  };
}

/** A scheme for both generations: 1.0 reads the member named after its kind, 0.3 `type` and what stands beside it. */
function bothSchemes(scheme: SecurityScheme): Record<string, unknown> {
  const current = SecurityScheme.toJSON(scheme) as Record<string, unknown>;
  const kind = scheme.scheme;
  if (kind?.$case === 'httpAuthSecurityScheme') {
    const { description, scheme: name } = kind.value;
    return { ...current, type: 'http', scheme: name, description };
  }
  if (kind?.$case === 'openIdConnectSecurityScheme') {
    const { description, openIdConnectUrl } = kind.value;
    return { ...current, type: 'openIdConnect', openIdConnectUrl, description };
  }
  return current;
}

/** One JSON document that clients of both generations read: 1.0 looks for `supportedInterfaces`, 0.3 for `url`. */
export function cardDocument(card: AgentCard): Record<string, unknown> {
  const current = AgentCard.toJSON(card) as Record<string, unknown>;
  const url = card.supportedInterfaces[0]?.url ?? '';
  const security = card.securityRequirements.map(({ schemes }) =>
    Object.fromEntries(Object.entries(schemes).map(([name, { list }]) => [name, list])),
  );
  const securitySchemes = Object.fromEntries(
    Object.entries(card.securitySchemes).map(([name, scheme]) => [name, bothSchemes(scheme)]),
  );
  const additionalInterfaces = ['JSONRPC', 'HTTP+JSON'].map((transport) => ({ url, transport }));
  return {
    ...current,
    ...{ url, preferredTransport: 'JSONRPC', protocolVersion: '0.3.0', additionalInterfaces },
    ...(security.length > 0 ? { securitySchemes, security } : {}),
    supportsAuthenticatedExtendedCard: card.capabilities?.extendedAgentCard === true,
  };
}
