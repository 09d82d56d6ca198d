import { Module } from '@nestjs/common';
import { EngineHostModule } from '../engine-host/engine-host.module.js';
import { QueryDispatcher } from '../reconcilers/query/query-dispatcher.js';
import { AttemptStreams } from './attempt-stream.js';
import { Dispatcher } from './dispatcher.js';
import { EngineChoice } from './engine-choice.js';
import { ForeignEngines } from './foreign/foreign-engines.js';
import { PublishedEngines } from './published-engines.js';

/** Provides `QueryDispatcher`. Expects what `EngineHostModule` and `RuntimeModule` expect. */
@Module({
  imports: [EngineHostModule],
  providers: [
    AttemptStreams,
    Dispatcher,
    EngineChoice,
    ForeignEngines,
    PublishedEngines,
    { provide: QueryDispatcher, useExisting: Dispatcher },
  ],
  exports: [PublishedEngines, QueryDispatcher],
})
export class DispatchModule {}
