import { keyText, type ObjectKey, type ReconcileContext } from '../../kit/index.js';
import type { A2AServer, AgentNamePrefix } from '../../resources/a2a-server/a2a-server.resource.js';
import { Agent } from '../../resources/agent/agent.resource.js';
import { A2A_AGENT_NAME_PREFIX, A2A_SERVER_LABEL } from '../../resources/labels.js';
import { isAdoptable, isOwnedBy } from '../owned-objects.js';
import type { FoundAgent, FoundAgents } from './a2a-discovery.js';
import { nameCandidates } from './agent-names.js';
import type { HeldNames } from './held-names.js';

/** An agent that was found and what its object is called. */
export interface NamedAgent {
  name: string;
  agent: FoundAgent;
}

/** A name that cannot be given, for people. */
export interface Refusal {
  refusal: string;
}

/**
 * Gives the agents of a server their names. One that is somebody else's is left to them; one that the server has already
 * is kept, also when a better one becomes free, until another rule is given.
 */
export function nameAgents(
  server: A2AServer,
  { agents, listed }: FoundAgents,
  prefix: AgentNamePrefix,
  held: HeldNames,
  context: Pick<ReconcileContext, 'get'>,
): NamedAgent[] | Refusal {
  const { namespace, name: serverName, uid = '' } = server.metadata;
  // Names within a list are no promise to be different from those of other servers.
  const rule = listed ? 'always' : prefix;
  const existing = (name: string) => context.get(Agent, { namespace, name });
  const isKept = (name: string) => {
    const object = existing(name);
    if (!object || !isOwnedBy(object, server)) return false;
    return rule !== 'onConflict' || object.metadata.annotations?.[A2A_AGENT_NAME_PREFIX] !== 'always';
  };
  const isFree = (name: string) => {
    const object = existing(name);
    const usable = !object || isOwnedBy(object, server) || isAdoptable(object, server, A2A_SERVER_LABEL);
    return usable && held.isFree({ namespace, name }, uid);
  };
  const taken = new Set<string>();
  const named: NamedAgent[] = [];
  for (const agent of agents) {
    const candidates = nameCandidates(serverName, agent.name, rule).filter((name) => !taken.has(name));
    const name = candidates.find(isKept) ?? candidates.find(isFree) ?? candidates.at(-1) ?? '';
    if (rule === 'never' && !isKept(name) && !isFree(name))
      return { refusal: refusalOf(name, namespace, existing(name)) };
    taken.add(name);
    named.push({ name, agent });
  }
  held.hold(
    uid,
    named.map(({ name }) => ({ namespace, name })),
  );
  return named;
}

const REFUSED = /^Agent '([^'/]+)\/([^'/]+)' exists, /;

/** The Agent whose name a server was refused, as the refusal in its status says: when that one goes, the name is free. */
export function inTheWay({ status }: A2AServer): ObjectKey[] {
  return (status?.conditions ?? []).flatMap(({ message }) => {
    const [, namespace, name] = REFUSED.exec(message) ?? [];
    return name === undefined ? [] : [{ namespace, name }];
  });
}

function refusalOf(name: string, namespace: string | undefined, other: Agent | undefined): string {
  const [owner] = other?.metadata.ownerReferences ?? [];
  const whose = owner
    ? `made for ${owner.kind} '${owner.name}'`
    : other
      ? 'which somebody wrote'
      : 'of another A2AServer';
  const remedy = 'set spec.agentNamePrefix of this A2AServer to onConflict';
  const steps = other && !owner ? `delete it, or ${remedy}` : remedy;
  return `Agent '${keyText({ namespace, name })}' exists, ${whose}, and the card wants its name; ${steps}`;
}
