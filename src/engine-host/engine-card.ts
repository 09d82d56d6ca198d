import { AgentCard, type AgentInterface } from '@a2a-js/sdk';
import { duplicateInterfacesForLegacy } from '@a2a-js/sdk/compat/v0_3';
import type { EngineOptions } from '../kit/index.js';
import { QUERY_EXTENSION } from '../resources/labels.js';

/** Whether an engine yields its answer in pieces. */
export const streams = (options: EngineOptions): boolean => options.streaming !== false;

/** The card of an engine that is reached at `url` (no slash at the end). */
export function engineCard(options: EngineOptions, url: string): AgentCard {
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
    supportedInterfaces: duplicateInterfacesForLegacy([door('JSONRPC'), door('HTTP+JSON')], ['JSONRPC']),
    provider: undefined,
    capabilities: {
      streaming: streams(options),
      pushNotifications: false,
      extendedAgentCard: false,
      extensions: [{ uri: QUERY_EXTENSION, description: 'Ark query context', required: false, params: undefined }],
    },
    securitySchemes: {},
    securityRequirements: [],
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

/** One JSON document that clients of both generations read: 1.0 looks for `supportedInterfaces`, 0.3 for `url`. */
export function cardDocument(card: AgentCard): Record<string, unknown> {
  const current = AgentCard.toJSON(card) as Record<string, unknown>;
  const url = card.supportedInterfaces[0]?.url ?? '';
  return { ...current, url, preferredTransport: 'JSONRPC', protocolVersion: '0.3.0', additionalInterfaces: [] };
}
