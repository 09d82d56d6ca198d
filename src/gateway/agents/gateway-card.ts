import type { AgentCard, AgentInterface } from '@a2a-js/sdk';
import { duplicateInterfacesForLegacy } from '@a2a-js/sdk/compat/v0_3';
import type { ServedAgent } from './served-agent.js';

/** Media types, and the bare word that Ark's gateway writes and its clients look for. */
const TEXT = ['text/plain', 'text'];

/** The card of an agent that is reached at `url`. */
export function gatewayCard(agent: ServedAgent, url: string): AgentCard {
  const door = (protocolBinding: string): AgentInterface => ({
    url,
    protocolBinding,
    tenant: '',
    protocolVersion: '1.0',
  });
  return {
    name: agent.name,
    description: agent.description,
    version: '1.0.0',
    supportedInterfaces: duplicateInterfacesForLegacy([door('JSONRPC'), door('HTTP+JSON')], ['JSONRPC']),
    provider: undefined,
    capabilities: { streaming: true, pushNotifications: true, extendedAgentCard: false, extensions: [] },
    securitySchemes: {},
    securityRequirements: [],
    defaultInputModes: TEXT,
    defaultOutputModes: TEXT,
    skills: agent.skills,
    signatures: [],
  };
}
