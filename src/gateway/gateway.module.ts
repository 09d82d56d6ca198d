import { Module, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { A2aBodies } from '../engine-host/doors/a2a-bodies.js';
import { EngineHostModule } from '../engine-host/engine-host.module.js';
import { Settings } from '../machinery/settings/settings.js';
import { RuntimeModule } from '../runtime/runtime.module.js';
import { AgentDoor } from './agent-door.js';
import { AgentEndpoints } from './agent-endpoints.js';
import { AgentDirectory } from './agents/agent-directory.js';
import { AgentsController } from './agents.controller.js';
import { GatewayListener } from './gateway-listener.js';
import { isAgentPath } from './gateway-paths.js';
import { PushModule } from './push/push.module.js';
import { GatewayTasks } from './tasks/gateway-tasks.js';
import { PassingTasks } from './tasks/passing/passing-tasks.js';
import { QueryChanges } from './tasks/query-changes.js';
import { StoredTasks } from './tasks/stored-tasks.js';
import { TaskAnswers } from './tasks/task-answers.js';
import { TaskEvents } from './tasks/task-events.js';

/** Agents and Teams of the cluster as A2A servers. Expects as global providers: `ApiServer`, `ResourceCache`, `Settings`. */
@Module({
  imports: [RuntimeModule, DispatchModule, EngineHostModule, PushModule],
  controllers: [AgentsController],
  providers: [
    AgentDirectory,
    AgentDoor,
    AgentEndpoints,
    GatewayListener,
    {
      provide: GatewayTasks,
      inject: [ModuleRef, Settings],
      useFactory: (parts: ModuleRef, { gatewayPersist }: Settings) =>
        parts.create<GatewayTasks>(gatewayPersist === 'never' ? PassingTasks : StoredTasks),
    },
    QueryChanges,
    TaskAnswers,
    TaskEvents,
  ],
})
export class GatewayModule implements OnModuleInit {
  constructor(private readonly bodies: A2aBodies) {}

  onModuleInit(): void {
    this.bodies.accept(isAgentPath);
  }
}
