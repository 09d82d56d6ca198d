import { Global, Module } from '@nestjs/common';
import { MemoryBackends } from '../kit/index.js';
import { ApiServer } from '../kube/api-server/api-server.js';
import { ResourceCache } from '../kube/cache/resource-cache.js';
import { RootLogger } from '../machinery/observability/root-logger.js';
import { Settings } from '../machinery/settings/settings.js';
import { A2AServer } from '../resources/a2a-server/a2a-server.resource.js';
import { A2ATask } from '../resources/a2a-task/a2a-task.resource.js';
import { Agent } from '../resources/agent/agent.resource.js';
import { Evaluator } from '../resources/evaluator/evaluator.resource.js';
import { ExecutionEngine } from '../resources/execution-engine/execution-engine.resource.js';
import { MCPServer } from '../resources/mcp-server/mcp-server.resource.js';
import { Model } from '../resources/model/model.resource.js';
import { Query } from '../resources/query/query.resource.js';
import { Team } from '../resources/team/team.resource.js';
import { Tool } from '../resources/tool/tool.resource.js';
import { Chunks } from '../storage/chunks.js';
import { JournalEntries } from '../storage/journal-entries.js';
import { Messages } from '../storage/messages.js';
import { Storage } from '../storage/storage.js';
import { StorageModule } from '../storage/storage.module.js';
import { JournalSweep } from './approval/journal-sweep.js';
import { ResumableRuns } from './approval/resumable-runs.js';
import { ConversationLog } from './conversation/conversation-log.js';
import { ConversationSweep } from './conversation/conversation-sweep.js';
import { Memories } from './conversation/memories.js';
import { MemoryHistory } from './conversation/memory-history.js';
import { ConversationHistory } from './conversation-history.js';
import { CachedObjects, Objects } from './objects.js';
import { LateTurns } from './passing/late-turns.js';
import { PassingQueries } from './passing/passing-queries.js';
import { QueryRights } from './rights/query-rights.js';
import { ChunkJournal } from './streams/chunk-journal.js';
import { ChunkStreams } from './streams/chunk-streams.js';
import { StoredStreams } from './streams/stored-streams.js';
import { StreamReader } from './streams/stream-reader.js';

/** Kinds that the reconcilers follow anyway. */
const FOLLOWED = [A2AServer, A2ATask, Agent, Evaluator, ExecutionEngine, MCPServer, Model, Query, Team, Tool];

/** What a running Query needs: reads, conversations, live streams. Expects `ApiServer` and `ResourceCache`. */
@Global()
@Module({
  imports: [StorageModule],
  providers: [
    StreamReader,
    JournalSweep,
    PassingQueries,
    {
      provide: LateTurns,
      inject: [RootLogger, Storage],
      useFactory: (logger: RootLogger, storage: Storage) => {
        const late = new LateTurns(logger);
        storage.beforeClose(() => late.allWritten());
        return late;
      },
    },
    ResumableRuns,
    { provide: JournalEntries, inject: [Storage], useFactory: (storage: Storage) => new JournalEntries(storage) },
    { provide: Chunks, inject: [Storage], useFactory: (storage: Storage) => new Chunks(storage) },
    { provide: StoredStreams, inject: [Chunks], useFactory: (chunks: Chunks) => new StoredStreams(chunks) },
    {
      provide: ChunkJournal,
      inject: [Chunks, RootLogger, Storage],
      useFactory: (chunks: Chunks, logger: RootLogger, storage: Storage) => {
        const journal = new ChunkJournal(chunks, logger);
        storage.beforeClose(() => journal.close());
        return journal;
      },
    },
    {
      provide: ChunkStreams,
      inject: [ChunkJournal, Chunks],
      useFactory: (journal: ChunkJournal, chunks: Chunks) => {
        const streams = new ChunkStreams({}, journal);
        chunks.onWanted((uid) => streams.want(uid));
        streams.onOpen(() => chunks.listen());
        return streams;
      },
    },
    {
      provide: Objects,
      inject: [ResourceCache, ApiServer, PassingQueries, Settings],
      useFactory: (cache: ResourceCache, server: ApiServer, passing: PassingQueries, { queryAuthorPolicy }: Settings) =>
        new CachedObjects(cache, server, FOLLOWED, passing, new QueryRights(server, queryAuthorPolicy)),
    },
    { provide: Messages, inject: [Storage], useFactory: (storage: Storage) => new Messages(storage) },
    {
      provide: Memories,
      inject: [Messages, ResourceCache, Objects, MemoryBackends, Settings],
      useFactory: (
        messages: Messages,
        cache: ResourceCache,
        objects: Objects,
        backends: MemoryBackends,
        { kubernetes }: Settings,
      ) => new Memories(messages, cache, objects, backends, { loopback: kubernetes !== 'in-cluster' }),
    },
    {
      provide: ConversationHistory,
      inject: [Memories, LateTurns],
      useFactory: (memories: Memories, late: LateTurns) => new MemoryHistory(memories, late),
    },
    {
      provide: ConversationLog,
      inject: [Memories, Settings, LateTurns],
      useFactory: (memories: Memories, settings: Settings, late: LateTurns) =>
        new ConversationLog(memories, settings.conversationTtlSeconds, late),
    },
    {
      provide: ConversationSweep,
      inject: [Memories, Messages, Chunks, Storage, ResourceCache, RootLogger],
      useFactory: (...parts: ConstructorParameters<typeof ConversationSweep>) => new ConversationSweep(...parts),
    },
  ],
  exports: [
    ChunkStreams,
    ConversationHistory,
    ConversationLog,
    JournalEntries,
    Memories,
    Messages,
    Objects,
    PassingQueries,
    ResumableRuns,
    StreamReader,
  ],
})
export class RuntimeModule {}
