import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { McpConnections } from '../kit/index.js';
import { RootLogger } from '../machinery/observability/root-logger.js';
import { Settings } from '../machinery/settings/settings.js';
import { McpDiscovery } from '../reconcilers/mcp-server/mcp-discovery.js';
import { McpRoom } from './mcp-room.js';

/** Provides `McpConnections` to whoever calls tools and `McpDiscovery` to the reconciler, on one set of sessions. */
@Global()
@Module({
  providers: [
    {
      provide: McpRoom,
      inject: [Settings, RootLogger],
      useFactory: ({ kubernetes }: Settings, logger: RootLogger) =>
        // Outside a cluster, this machine is where a developer's servers run.
        new McpRoom({ logger, programs: kubernetes === 'embedded', loopback: kubernetes !== 'in-cluster' }),
    },
    { provide: McpConnections, inject: [McpRoom], useFactory: (room: McpRoom) => room.connections },
    { provide: McpDiscovery, inject: [McpRoom], useFactory: (room: McpRoom) => room.reader },
  ],
  exports: [McpConnections, McpDiscovery],
})
export class DiscoveryModule implements OnApplicationShutdown {
  constructor(private readonly room: McpRoom) {}

  onApplicationShutdown(): Promise<void> {
    return this.room.close();
  }
}
