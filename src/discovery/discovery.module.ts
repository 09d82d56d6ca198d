import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { McpConnections } from '../kit/index.js';
import { RootLogger } from '../machinery/observability/root-logger.js';
import { Tracing } from '../machinery/observability/tracing/tracing.js';
import { Settings } from '../machinery/settings/settings.js';
import { A2aDiscovery } from '../reconcilers/a2a-server/a2a-discovery.js';
import { McpDiscovery } from '../reconcilers/mcp-server/mcp-discovery.js';
import { CardReader } from './card-reader.js';
import { GuardedHttp } from './guarded-http.js';
import { McpRoom } from './mcp-room.js';

/**
 * Provides `McpConnections` to whoever calls tools and `McpDiscovery` to the reconciler, on one set of sessions; and
 * `A2aDiscovery`, which reads agent cards.
 */
@Global()
@Module({
  providers: [
    {
      provide: McpRoom,
      inject: [Settings, RootLogger, Tracing],
      useFactory: ({ kubernetes }: Settings, logger: RootLogger, tracer: Tracing) =>
        // Outside a cluster, this machine is where a developer's servers run.
        new McpRoom({ logger, tracer, programs: kubernetes === 'embedded', loopback: kubernetes !== 'in-cluster' }),
    },
    {
      provide: GuardedHttp,
      inject: [Settings],
      useFactory: ({ kubernetes }: Settings) => new GuardedHttp({ loopback: kubernetes !== 'in-cluster' }),
    },
    {
      provide: A2aDiscovery,
      inject: [GuardedHttp, Settings],
      useFactory: (http: GuardedHttp, { a2aDiscoveryTimeoutMs }: Settings) =>
        new CardReader(http, a2aDiscoveryTimeoutMs),
    },
    { provide: McpConnections, inject: [McpRoom], useFactory: (room: McpRoom) => room.connections },
    { provide: McpDiscovery, inject: [McpRoom], useFactory: (room: McpRoom) => room.reader },
  ],
  exports: [A2aDiscovery, McpConnections, McpDiscovery],
})
export class DiscoveryModule implements OnApplicationShutdown {
  constructor(
    private readonly room: McpRoom,
    private readonly http: GuardedHttp,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.room.close(), this.http.close()]);
  }
}
