import { Module } from '@nestjs/common';
import { EngineHostModule } from './engine-host.module.js';
import { EnginesController } from './engines.controller.js';

/** The engines of this process for callers outside it. */
@Module({ imports: [EngineHostModule], controllers: [EnginesController], exports: [EngineHostModule] })
export class EngineDoorsModule {}
