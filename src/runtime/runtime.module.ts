import { Global, Module } from '@nestjs/common';
import { ApiServer } from '../kube/api-server/api-server.js';
import { ResourceCache } from '../kube/cache/resource-cache.js';
import { Agent } from '../resources/agent/agent.resource.js';
import { ExecutionEngine } from '../resources/execution-engine/execution-engine.resource.js';
import { MCPServer } from '../resources/mcp-server/mcp-server.resource.js';
import { Model } from '../resources/model/model.resource.js';
import { Query } from '../resources/query/query.resource.js';
import { Team } from '../resources/team/team.resource.js';
import { Tool } from '../resources/tool/tool.resource.js';
import { QueryHistory } from './conversation/query-history.js';
import { ConversationHistory } from './conversation-history.js';
import { CachedObjects, Objects } from './objects.js';
import { ChunkStreams } from './streams/chunk-streams.js';
import { StreamController } from './streams/stream.controller.js';
import { StreamReader } from './streams/stream-reader.js';

/** Kinds that the reconcilers follow anyway. */
const FOLLOWED = [Agent, ExecutionEngine, MCPServer, Model, Query, Team, Tool];

/** What a running Query needs: reads, conversations, live streams. Expects `ApiServer` and `ResourceCache`. */
@Global()
@Module({
  controllers: [StreamController],
  providers: [
    StreamReader,
    { provide: ChunkStreams, useFactory: () => new ChunkStreams() },
    {
      provide: Objects,
      inject: [ResourceCache, ApiServer],
      useFactory: (cache: ResourceCache, server: ApiServer) => new CachedObjects(cache, server, FOLLOWED),
    },
    {
      provide: ConversationHistory,
      inject: [ResourceCache, Objects],
      useFactory: (cache: ResourceCache, objects: Objects) => new QueryHistory(cache, objects),
    },
  ],
  exports: [ChunkStreams, ConversationHistory, Objects],
})
export class RuntimeModule {}
