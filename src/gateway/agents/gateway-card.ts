import type { AgentCard, AgentInterface, AgentProvider } from '@a2a-js/sdk';
import { duplicateInterfacesForLegacy } from '@a2a-js/sdk/compat/v0_3';
import type { CardSecurity } from '../../engine-host/card-security.js';
import type { ServedAgent } from './served-agent.js';

/** Media types, and the bare word that Ark's gateway writes and its clients look for. */
const TEXT = ['text/plain', 'text'];

/** What is true of every agent here. */
export interface GatewayTraits extends CardSecurity {
  /** Whether somebody can be told of a task's end. */
  pushNotifications: boolean;
  /** The organization behind the agents. */
  provider?: AgentProvider;
}

/** The card of an agent that is reached at `url`. */
export function gatewayCard(agent: ServedAgent, url: string, traits: GatewayTraits): AgentCard {
  const { pushNotifications, provider, securitySchemes, securityRequirements } = traits;
  const door = (protocolBinding: string): AgentInterface => ({
    url,
    protocolBinding,
    tenant: '',
    protocolVersion: '1.0',
  });
  // Who has to prove nothing is nobody that more could be told.
  const extendedAgentCard = securityRequirements.length > 0;
  return {
    name: agent.name,
    description: agent.description,
    version: '1.0.0',
    supportedInterfaces: duplicateInterfacesForLegacy([door('JSONRPC'), door('HTTP+JSON')], ['JSONRPC', 'HTTP+JSON']),
    provider,
    capabilities: { streaming: true, pushNotifications, extendedAgentCard, extensions: [] },
    securitySchemes,
    securityRequirements,
    defaultInputModes: TEXT,
    defaultOutputModes: TEXT,
    skills: agent.skills,
    signatures: [],
  };
}

/** The card for callers who proved who they are: it names the tools of an agent and the members of a team, too. */
export function extendedCard(agent: ServedAgent, url: string, traits: GatewayTraits): AgentCard {
  const card = gatewayCard(agent, url, traits);
  return { ...card, skills: [...card.skills, ...agent.inside] };
}
