import { Module } from '@nestjs/common';
import { AgentsElsewhere } from '../dispatch/agents-elsewhere.js';
import { EngineChoice } from '../dispatch/engine-choice.js';
import { ForeignEngines } from '../dispatch/foreign-engines.js';
import { GivenAnswers } from '../dispatch/given-answers.js';
import { HostedAgents } from '../dispatch/hosted/hosted-agents.js';
import { HostedEvents } from '../dispatch/hosted/hosted-events.js';
import { PushOrders } from '../dispatch/hosted/push-orders.js';
import { SpendingElsewhere } from '../dispatch/spending-elsewhere.js';
import { TeamRuns } from '../runtime/teams/team-runs.js';
import { ToolGate } from '../runtime/tool-gate/tool-gate.js';
import { ToolRefusals } from '../runtime/tool-gate/tool-refusals.js';
import { A2aBodies } from './doors/a2a-bodies.js';
import { EngineDoor } from './doors/engine-door.js';
import { EngineEndpoints } from './engine-endpoints.js';
import { EngineRunner } from './execution/engine-runner.js';
import { EngineRuns } from './execution/engine-runs.js';
import { Participants } from './execution/participants.js';
import { ModelResolver } from './resolve/model-resolver.js';
import { RequestResolver } from './resolve/request-resolver.js';

/**
 * Runs the engines of this process, for callers in it and for its doors. Expects as global providers: `Engines`, `ModelProviders`, `TeamStrategies`, `ToolTypes`,
 * `OwnAddress`, `DoorProofs`, `ApiServer`, `RootLogger`, `BugReports`, `Objects` and `ConversationHistory`; `McpConnections` if there
 * is one.
 */
@Module({
  providers: [
    A2aBodies,
    AgentsElsewhere,
    EngineChoice,
    EngineDoor,
    EngineEndpoints,
    EngineRunner,
    EngineRuns,
    ModelResolver,
    Participants,
    ForeignEngines,
    HostedAgents,
    HostedEvents,
    PushOrders,
    RequestResolver,
    GivenAnswers,
    SpendingElsewhere,
    TeamRuns,
    ToolGate,
    ToolRefusals,
  ],
  exports: [
    A2aBodies,
    EngineChoice,
    EngineDoor,
    EngineEndpoints,
    ForeignEngines,
    HostedAgents,
    GivenAnswers,
    SpendingElsewhere,
  ],
})
export class EngineHostModule {}
