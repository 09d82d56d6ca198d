import { Injectable } from '@nestjs/common';
import { type KubeObject, type ObjectKey, type ResourceClass, resourceType } from '../../kit/index.js';
import type { ApiServer } from '../../kube/api-server/api-server.js';
import { StatusError } from '../../kube/api-server/status.js';
import type { Informer } from '../../kube/cache/informer.js';
import { ResourceCache } from '../../kube/cache/resource-cache.js';
import { CallersServer } from '../../machinery/http/callers-server.js';
import { Agent } from '../../resources/agent/agent.resource.js';
import { Team } from '../../resources/team/team.resource.js';

/**
 * Who can be talked to now: the Agents and Teams, from the copies that follow the API server. Where callers act in their
 * own name the server is asked, because copies know no rights.
 */
@Injectable()
export class AgentDirectory {
  private readonly agents: Informer<Agent>;
  private readonly teams: Informer<Team>;

  constructor(
    cache: ResourceCache,
    private readonly callers: CallersServer,
  ) {
    this.agents = cache.informer<Agent>(resourceType(Agent));
    this.teams = cache.informer<Team>(resourceType(Team));
  }

  /** An Agent of this name, else a Team. */
  async find(namespace: string, name: string): Promise<Agent | Team | undefined> {
    const server = this.callers.narrowed();
    if (!server) return this.present(namespace, name);
    return (await got(server, Agent, { namespace, name })) ?? (await got(server, Team, { namespace, name }));
  }

  /** The same from the copies, whoever asks. */
  async present(namespace: string, name: string): Promise<Agent | Team | undefined> {
    await this.synced();
    return this.agents.get({ namespace, name }) ?? this.teams.get({ namespace, name });
  }

  /** Agents first, then Teams whose names no Agent has; each by name. */
  async list(namespace: string): Promise<(Agent | Team)[]> {
    const { agents, teams: all } = await this.all(namespace);
    const taken = new Set(agents.map(({ metadata }) => metadata.name));
    const teams = all.filter(({ metadata }) => !taken.has(metadata.name));
    return [...byName(agents), ...byName(teams)];
  }

  private async all(namespace: string): Promise<{ agents: Agent[]; teams: Team[] }> {
    const server = this.callers.narrowed();
    if (server) {
      const agents = (await server.list<Agent>(resourceType(Agent), { namespace })).items;
      return { agents, teams: (await server.list<Team>(resourceType(Team), { namespace })).items };
    }
    await this.synced();
    return { agents: this.agents.list({ namespace }), teams: this.teams.list({ namespace }) };
  }

  private async synced(): Promise<void> {
    await Promise.all([this.agents.synced, this.teams.synced]);
  }
}

async function got<T extends KubeObject>(server: ApiServer, kind: ResourceClass<T>, key: ObjectKey) {
  try {
    return await server.get<T>(resourceType(kind), key);
  } catch (error) {
    if (StatusError.is(error, 'NotFound')) return undefined;
    throw error;
  }
}

const byName = <T extends Agent | Team>(objects: T[]): T[] =>
  objects.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
