import {
  findCondition,
  follows,
  Next,
  type Reconcile,
  type ReconcileContext,
  Reconciler,
  TeamStrategies,
  withCondition,
} from '../../kit/index.js';
import { Agent } from '../../resources/agent/agent.resource.js';
import { Model } from '../../resources/model/model.resource.js';
import { Team } from '../../resources/team/team.resource.js';
import { Duties, othersDuty } from '../duties.js';
import { choosingModel, firstLack, needed } from './team-availability.checks.js';

const AVAILABLE = 'Available';

/** Keeps the one condition of a Team true to its members: agents, other teams, and who chooses. */
@Reconciler({
  name: 'team-availability',
  kind: Team,
  follows: [
    follows<Team>(Agent, (team) => needed(team, 'agent')),
    follows<Team>(Team, (team) => needed(team, 'team')),
    follows<Team>(Model, choosingModel),
  ],
})
export class TeamAvailabilityReconciler implements Reconcile<Team> {
  constructor(
    private readonly strategies: TeamStrategies,
    private readonly duties: Duties,
  ) {}

  async reconcile(team: Team, context: ReconcileContext): Promise<Next> {
    if (team.metadata.deletionTimestamp) return Next.onChange();
    const others = othersDuty(this.duties, team);
    if (others) return others;
    const lack = firstLack(team, { objects: context, strategies: this.strategies });
    const status = lack ? 'False' : 'True';
    const { reason, message } = lack ?? { reason: AVAILABLE, message: 'All members are available' };
    const before = findCondition(team.status?.conditions, AVAILABLE);
    const update = { type: AVAILABLE, status, reason, message, observedGeneration: team.metadata.generation } as const;
    await context.applyStatus(team, { conditions: withCondition(before ? [before] : [], update, context.now()) });
    if (!before)
      context.event(team, { type: 'Normal', reason: 'TeamCreated', message: `The team is known: ${message}` });
    else if (before.status !== status || before.reason !== reason) {
      const text = `${AVAILABLE} is ${status}, ${reason}: ${message}`;
      context.event(team, { type: 'Normal', reason: 'StatusChanged', message: text });
    }
    return Next.onChange();
  }
}
