import { Module } from '@nestjs/common';
import { ToolGate } from '../runtime/tool-gate/tool-gate.js';
import { ToolRefusals } from '../runtime/tool-gate/tool-refusals.js';
import { A2aBodies } from './doors/a2a-bodies.js';
import { EngineDoor } from './doors/engine-door.js';
import { EngineEndpoints } from './engine-endpoints.js';
import { EnginesController } from './engines.controller.js';
import { EngineRunner } from './execution/engine-runner.js';
import { EngineRuns } from './execution/engine-runs.js';
import { OwnEngines } from './own-engines.js';
import { ModelResolver } from './resolve/model-resolver.js';
import { RequestResolver } from './resolve/request-resolver.js';

/**
 * Serves the engines of this process over A2A. Expects as global providers: `Engines`, `ModelProviders`, `ToolTypes`,
 * `OwnAddress`, `ApiServer`, `RootLogger`, `BugReports`, `Objects` and `ConversationHistory`; `McpConnections` if there
 * is one.
 */
@Module({
  controllers: [EnginesController],
  providers: [
    A2aBodies,
    EngineDoor,
    EngineEndpoints,
    EngineRunner,
    EngineRuns,
    ModelResolver,
    OwnEngines,
    RequestResolver,
    ToolGate,
    ToolRefusals,
  ],
  exports: [A2aBodies, EngineDoor, EngineEndpoints],
})
export class EngineHostModule {}
