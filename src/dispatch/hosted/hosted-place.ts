import { AgentCard } from '@a2a-js/sdk';
import { ArkError, errorText, invalid, notFound, unavailable } from '../../kit/index.js';
import { A2AServer } from '../../resources/a2a-server/a2a-server.resource.js';
import type { Agent } from '../../resources/agent/agent.resource.js';
import {
  A2A_PUSH_SUPPORTED,
  A2A_SERVER_ADDRESS,
  A2A_SERVER_ENDPOINT,
  A2A_SERVER_NAME,
  A2A_STREAMING_SUPPORTED,
  OLD_A2A_SERVER_ADDRESS,
  OLD_A2A_SERVER_NAME,
} from '../../resources/labels.js';
import { durationOr } from '../../resources/values/duration.js';
import { resolveHeaders } from '../../resources/values/resolve-headers.js';
import { TakenSecrets } from '../../resources/values/taken-secrets.js';
import type { Objects } from '../../runtime/objects.js';
import { doorOf, type EngineDoor, legacyDoor } from '../foreign/engine-door.js';
import { type SentHeaders, withHeaders } from '../foreign/with-headers.js';

/** What every A2AServer has that says nothing: then the Query's own limit is the only one. */
const UNSAID_TIMEOUT = '5m';

/** Where an agent lives, and how to call it there. */
export interface HostedPlace {
  server: string;
  address: string;
  door: EngineDoor;
  /** Whether the server offers to send word of tasks. */
  pushes: boolean;
  /** How long one request may go unanswered, in milliseconds. */
  patienceMs?: number;
}

type Fetch = typeof globalThis.fetch;

/** @throws ArkError naming the agent or its A2AServer and what is wrong with it */
export async function placeOf(agent: Agent, objects: Objects, fetch: Fetch): Promise<HostedPlace> {
  const { name, namespace = '', annotations = {} } = agent.metadata;
  const who = `agent '${namespace}/${name}'`;
  const serverName = annotations[A2A_SERVER_NAME] ?? annotations[OLD_A2A_SERVER_NAME];
  const address = annotations[A2A_SERVER_ADDRESS] ?? annotations[OLD_A2A_SERVER_ADDRESS];
  if (!serverName || !address) {
    throw invalid(
      `${who} has the engine 'a2a', which is for agents found on A2A servers: it lacks the annotations ` +
        `${A2A_SERVER_NAME} and ${A2A_SERVER_ADDRESS}. Create an A2AServer, which makes such agents`,
    );
  }
  const server = await objects.get(A2AServer, { namespace, name: serverName });
  if (!server) throw notFound(`${who}: A2AServer '${namespace}/${serverName}' does not exist`);
  const home = server.status?.lastResolvedAddress;
  // Headers of the server may hold keys: they go to the server only, whatever the annotations of an agent say.
  if (!home || URL.parse(home)?.origin !== URL.parse(address)?.origin) {
    throw unavailable(
      `${who} is not at its A2AServer '${serverName}' (${home ?? 'no address yet'}); it will be refreshed`,
    );
  }
  const sent = await sentTo(server, objects);
  const timeout = server.spec.timeout ?? UNSAID_TIMEOUT;
  return {
    server: serverName,
    address,
    door: await doorAt(address, annotations, withHeaders(fetch, sent)),
    pushes: annotations[A2A_PUSH_SUPPORTED] === 'true',
    ...(timeout === UNSAID_TIMEOUT ? {} : { patienceMs: durationOr(timeout, 300_000) }),
  };
}

async function sentTo({ metadata, spec }: A2AServer, objects: Objects): Promise<SentHeaders> {
  const taken = new TakenSecrets(objects);
  try {
    const headers = await resolveHeaders(spec.headers, metadata.namespace ?? '', taken);
    return { headers, secrets: taken.texts };
  } catch (error) {
    if (!(error instanceof ArkError)) throw error;
    const text = `A2AServer '${metadata.name}': ${errorText(error)}`;
    throw new ArkError(error.family, text, { reason: 'HeadersUnresolved', cause: error });
  }
}

/** The way in that the agent's card offered; JSON-RPC of 0.3 for agents that other controllers made. */
async function doorAt(address: string, annotations: Record<string, string>, fetch: Fetch): Promise<EngineDoor> {
  const streaming = annotations[A2A_STREAMING_SUPPORTED] === 'true';
  const endpoint = endpointIn(annotations[A2A_SERVER_ENDPOINT]);
  const card = AgentCard.fromJSON({
    name: 'hosted',
    capabilities: { streaming },
    supportedInterfaces: endpoint
      ? [{ url: endpoint.url, protocolBinding: endpoint.binding, protocolVersion: endpoint.version }]
      : [],
  });
  const door = endpoint ? await doorOf(card, address, fetch) : legacyDoor(address, fetch);
  // The query extension is for engines: a stranger is told nothing of the cluster.
  const headers = Object.fromEntries(Object.entries(door.headers).filter(([name]) => !/extensions$/i.test(name)));
  return { ...door, headers, streaming };
}

function endpointIn(text: string | undefined): { url: string; binding: string; version: string } | undefined {
  if (!text) return undefined;
  try {
    const { url, binding, version } = JSON.parse(text) as Record<string, unknown>;
    if (typeof url === 'string' && typeof binding === 'string' && typeof version === 'string') {
      return { url, binding, version };
    }
  } catch (error) {
    throw new ArkError('Invalid', `the annotation ${A2A_SERVER_ENDPOINT} is not JSON`, { cause: error });
  }
  throw invalid(`the annotation ${A2A_SERVER_ENDPOINT} needs the texts url, binding and version`);
}
