import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { ApiModule } from './api/api.module.js';
import { AuthModule } from './auth/auth.module.js';
import { DashboardModule } from './dashboard/dashboard.module.js';
import { DiscoveryModule } from './discovery/discovery.module.js';
import { DispatchModule } from './dispatch/dispatch.module.js';
import { EngineDoorsModule } from './engine-host/engine-doors.module.js';
import { OwnAddress } from './engine-host/own-address.js';
import { GatewayModule } from './gateway/gateway.module.js';
import type { Logger } from './kit/index.js';
import { ApiServer } from './kube/api-server/api-server.js';
import { ResourceCache } from './kube/cache/resource-cache.js';
import { Holders } from './machinery/leadership/holders.js';
import type { Extension } from './machinery/loader/extension.js';
import { MachineryModule } from './machinery/machinery.module.js';
import type { Tracing } from './machinery/observability/tracing/tracing.js';
import type { Role } from './machinery/settings/role.js';
import { Settings } from './machinery/settings/settings.js';
import { MemoryModule } from './memory/memory.module.js';
import { ClaimHolders } from './reconcilers/claim-holders.js';
import { Duties } from './reconcilers/duties.js';
import { ReconcilerSettings } from './reconcilers/reconciler-settings.js';
import { EvaluationModule } from './runtime/evaluation/evaluation.module.js';
import { RuntimeModule } from './runtime/runtime.module.js';
import { StreamsModule } from './runtime/streams/streams.module.js';

/** What is ready before the application is put together. */
export interface AppParts {
  settings: Settings;
  logger: Logger;
  tracing: Tracing;
  server: ApiServer;
  cache: ResourceCache;
  extensions: readonly Extension[];
  address: OwnAddress;
}

/** Ports of the rooms, bound to what fulfils them. */
@Module({})
class BindingsModule {
  static register({ server, cache, address }: AppParts): DynamicModule {
    const bindings = [
      { provide: ApiServer, useValue: server },
      { provide: ResourceCache, useValue: cache },
      { provide: OwnAddress, useValue: address },
      { provide: ClaimHolders, useExisting: Holders },
      { provide: Duties, useExisting: Holders },
      { provide: ReconcilerSettings, useExisting: Settings },
    ];
    return {
      module: BindingsModule,
      global: true,
      providers: bindings,
      exports: bindings.map(({ provide }) => provide),
    };
  }
}

/** What the outside may reach, by role. */
const DOORS: Record<Role, Type[]> = {
  controller: [],
  api: [ApiModule, DashboardModule, MemoryModule, StreamsModule],
  gateway: [GatewayModule],
  engine: [EngineDoorsModule],
};

/** The whole house. The only file that sees every room. */
@Module({})
export class AppModule {
  static register(parts: AppParts): DynamicModule {
    const { settings, logger, tracing, extensions } = parts;
    return {
      module: AppModule,
      imports: [
        BindingsModule.register(parts),
        MachineryModule.register({
          ...{ settings, logger, tracing, extensions },
          imports: [DispatchModule, EvaluationModule],
        }),
        AuthModule.register({ doors: settings.roles.includes('api') }),
        RuntimeModule,
        DiscoveryModule,
        DispatchModule,
        ...settings.roles.flatMap((role) => DOORS[role]),
      ],
    };
  }
}
