import { Injectable } from '@nestjs/common';
import { resourceType } from '../../kit/index.js';
import type { Informer } from '../../kube/cache/informer.js';
import { ResourceCache } from '../../kube/cache/resource-cache.js';
import { Agent } from '../../resources/agent/agent.resource.js';
import { Team } from '../../resources/team/team.resource.js';

/** Who can be talked to now: the Agents and Teams, from the copies that follow the API server. */
@Injectable()
export class AgentDirectory {
  private readonly agents: Informer<Agent>;
  private readonly teams: Informer<Team>;

  constructor(cache: ResourceCache) {
    this.agents = cache.informer<Agent>(resourceType(Agent));
    this.teams = cache.informer<Team>(resourceType(Team));
  }

  /** An Agent of this name, else a Team. */
  async find(namespace: string, name: string): Promise<Agent | Team | undefined> {
    await this.synced();
    return this.agents.get({ namespace, name }) ?? this.teams.get({ namespace, name });
  }

  /** Agents first, then Teams whose names no Agent has; each by name. */
  async list(namespace: string): Promise<(Agent | Team)[]> {
    await this.synced();
    const agents = this.agents.list({ namespace });
    const taken = new Set(agents.map(({ metadata }) => metadata.name));
    const teams = this.teams.list({ namespace }).filter(({ metadata }) => !taken.has(metadata.name));
    return [...byName(agents), ...byName(teams)];
  }

  private async synced(): Promise<void> {
    await Promise.all([this.agents.synced, this.teams.synced]);
  }
}

const byName = <T extends Agent | Team>(objects: T[]): T[] =>
  objects.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
