import { Injectable } from '@nestjs/common';
import { invalid, TeamStrategies } from '../../kit/index.js';
import { Team } from '../../resources/team/team.resource.js';
import { durationOr } from '../../resources/values/duration.js';
import type { Said, Turn } from '../delegation/participant.js';
import type { RunScope } from '../delegation/run-scope.js';
import { Objects } from '../objects.js';
import { withinLimit } from '../tool-gate/call-limit.js';
import { teamConfig } from './team-config.js';
import { TeamLimits } from './team-limits.js';
import { TeamRun } from './team-run.js';

/** Runs teams, each with the strategy that its manifest names. */
@Injectable()
export class TeamRuns {
  constructor(
    private readonly objects: Objects,
    private readonly strategies: TeamStrategies,
  ) {}

  /**
   * @throws `NotFound` and `Invalid` for a manifest that cannot be run; `Timeout` after its `timeout`; what ended a
   * member's turn
   */
  async run(name: string, turn: Turn, scope: RunScope): Promise<Said> {
    const { namespace, name: query } = scope.query.metadata;
    const objects = await this.objects.seenBy(scope.query);
    const team = await objects.need(Team, { namespace, name }, `query '${namespace}/${query}'`);
    const who = `team '${namespace}/${name}'`;
    const { spec } = team;
    const strategy = this.strategies.get(spec.strategy);
    if (!strategy) {
      const installed = this.strategies.names().join(', ') || 'none';
      throw invalid(`${who}: no team strategy '${spec.strategy}' is installed; installed: ${installed}`);
    }
    const config = await teamConfig(team, objects);
    const limits = new TeamLimits(config, strategy, spec.maxTokens);
    const limitMs = durationOr(spec.timeout, Number.POSITIVE_INFINITY);
    const deadline = new Date(Math.min(scope.deadline.getTime(), Date.now() + limitMs));
    const floor = scope.floor.within();
    return withinLimit(
      (signal) =>
        new TeamRun({ team: config, strategy, limits, turn, scope: { ...scope, signal, deadline, floor } }).run(),
      { signal: scope.signal, limitMs, what: `spec.timeout of ${who}: it`, waitedFor: () => floor.waitedFor },
    );
  }
}
