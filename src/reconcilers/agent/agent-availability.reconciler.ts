import {
  type Condition,
  type ConditionUpdate,
  Engines,
  findCondition,
  follows,
  Next,
  type Reconcile,
  type ReconcileContext,
  Reconciler,
  withCondition,
} from '../../kit/index.js';
import { A2AServer } from '../../resources/a2a-server/a2a-server.resource.js';
import { Agent } from '../../resources/agent/agent.resource.js';
import { effectiveModel } from '../../resources/agent/effective-model.js';
import { ExecutionEngine } from '../../resources/execution-engine/execution-engine.resource.js';
import { Model } from '../../resources/model/model.resource.js';
import { Tool } from '../../resources/tool/tool.resource.js';
import { Duties, othersDuty } from '../duties.js';
import { firstLack, type Lack, namedEngine, owningServers, SERVER_NOT_READY } from './agent-availability.checks.js';
import { faultsOf } from './agent-faults.js';
import { toolCandidates } from './agent-tools.js';

const AVAILABLE = 'Available';
const INITIALIZING = 'Initializing';
/** Agents are made of the cards of a server before that server says that it is ready. */
const SETTLING_MS = 5_000;
/** As many as clients create at once: status writes share commits with what they follow and do not fall behind. */
const AT_ONCE = 64;

/** Keeps the one condition of an Agent true to what it depends on, wherever that lives. */
@Reconciler({
  name: 'agent-availability',
  kind: Agent,
  concurrency: AT_ONCE,
  follows: [
    follows<Agent>(A2AServer, owningServers),
    follows<Agent>(Model, (agent) => [effectiveModel(agent)].filter((key) => key !== undefined)),
    follows<Agent>(ExecutionEngine, (agent) => [namedEngine(agent)].filter((key) => key !== undefined)),
    follows<Agent>(Tool, (agent) =>
      (agent.spec?.tools ?? []).flatMap((tool) => toolCandidates(tool, agent.metadata.namespace)),
    ),
  ],
})
export class AgentAvailabilityReconciler implements Reconcile<Agent> {
  constructor(
    private readonly engines: Engines,
    private readonly duties: Duties,
  ) {}

  async reconcile(agent: Agent, context: ReconcileContext): Promise<Next> {
    if (agent.metadata.deletionTimestamp) return Next.onChange();
    const others = othersDuty(this.duties, agent);
    if (others) return others;
    const lack = firstLack(agent, { objects: context, engines: this.engines });
    const before = findCondition(agent.status?.conditions, AVAILABLE);
    const settlingMs = lack ? settlingFor(lack, before, context.now()) : 0;
    const update: ConditionUpdate = {
      type: AVAILABLE,
      ...(settlingMs > 0 ? { status: 'Unknown', reason: INITIALIZING } : words(lack)),
      message: lack?.message ?? availableText(agent, context),
      observedGeneration: agent.metadata.generation,
    };
    await context.applyStatus(agent, { conditions: withCondition(before ? [before] : [], update, context.now()) });
    if (settlingMs > 0) return Next.after(settlingMs);
    if (lack && (before?.status !== 'False' || before.reason !== lack.reason)) {
      context.event(agent, { type: 'Warning', reason: 'DependencyUnavailable', message: lack.message });
    }
    return Next.onChange();
  }
}

const words = (lack: Lack | undefined): Pick<Condition, 'status' | 'reason'> =>
  lack ? { status: 'False', reason: lack.reason } : { status: 'True', reason: AVAILABLE };

/** How long a new agent may still lack its server without being called unavailable, in milliseconds. */
function settlingFor({ reason }: Lack, before: Condition | undefined, now: Date): number {
  if (reason !== SERVER_NOT_READY) return 0;
  if (!before) return SETTLING_MS;
  return before.reason === INITIALIZING ? Date.parse(before.lastTransitionTime) + SETTLING_MS - now.getTime() : 0;
}

function availableText(agent: Agent, context: ReconcileContext): string {
  const faults = faultsOf(agent, context);
  return faults ? `Available, with faults: ${faults}` : 'All dependencies are available';
}
