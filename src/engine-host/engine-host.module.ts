import { Module } from '@nestjs/common';
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
  providers: [EngineDoor, EngineEndpoints, EngineRunner, ModelResolver, RequestResolver],
  exports: [EngineDoor, EngineEndpoints],
})
export class EngineHostModule {}
