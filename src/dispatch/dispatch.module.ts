import { Module } from '@nestjs/common';
import { EngineHostModule } from '../engine-host/engine-host.module.js';
import { HostedTasks } from '../reconcilers/a2a-task/hosted-tasks.js';
import { QueryDispatcher } from '../reconcilers/query/query-dispatcher.js';
import { RuntimeModule } from '../runtime/runtime.module.js';
import { AttemptStreams } from './attempt-stream.js';
import { Dispatcher } from './dispatcher.js';
import { ServedTasks } from './hosted/served-tasks.js';
import { PublishedEngines } from './published-engines.js';
import { RemoteTasks } from './remote-tasks.js';

/** Provides `QueryDispatcher`. Brings the global `RuntimeModule` along; expects what it and `EngineHostModule` expect. */
@Module({
  imports: [RuntimeModule, EngineHostModule],
  providers: [
    AttemptStreams,
    Dispatcher,
    PublishedEngines,
    RemoteTasks,
    { provide: QueryDispatcher, useExisting: Dispatcher },
    { provide: HostedTasks, useClass: ServedTasks },
  ],
  exports: [HostedTasks, PublishedEngines, QueryDispatcher],
})
export class DispatchModule {}
