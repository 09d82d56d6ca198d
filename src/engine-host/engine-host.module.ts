import { Module } from '@nestjs/common';
import { A2aBodies } from './doors/a2a-bodies.js';
import { EngineDoor } from './doors/engine-door.js';
import { EngineEndpoints } from './engine-endpoints.js';
import { EnginesController } from './engines.controller.js';
import { EngineRunner } from './execution/engine-runner.js';
import { ModelResolver } from './resolve/model-resolver.js';
import { RequestResolver } from './resolve/request-resolver.js';

/**
 * Serves the engines of this process over A2A. Expects as global providers: `Engines`, `ModelProviders`, `OwnAddress`,
 * `RootLogger`, `BugReports`, `Objects` and `ConversationHistory`.
 */
@Module({
  controllers: [EnginesController],
  providers: [A2aBodies, EngineDoor, EngineEndpoints, EngineRunner, ModelResolver, RequestResolver],
  exports: [A2aBodies, EngineDoor, EngineEndpoints],
})
export class EngineHostModule {}
