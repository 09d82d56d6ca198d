import { TaskNotCancelableError, TaskNotFoundError } from '@a2a-js/sdk/errors';
import { Injectable } from '@nestjs/common';
import { type ListFilter, resourceType } from '../../kit/index.js';
import { ResourceCache } from '../../kube/cache/resource-cache.js';
import { CallersServer } from '../../machinery/http/callers-server.js';
import { RequestScope } from '../../machinery/http/request-scope.js';
import { RequestsUnderWay } from '../../machinery/http/requests-under-way.js';
import { Tracing } from '../../machinery/observability/tracing/tracing.js';
import { A2A_PUSH, GATEWAY_LABEL } from '../../resources/labels.js';
import { Query } from '../../resources/query/query.resource.js';
import { Objects, ServerObjects } from '../../runtime/objects.js';
import { orderedUuid } from '../../runtime/ordered-uuid.js';
import { withTrace } from '../../runtime/query-subject.js';
import { StreamReader } from '../../runtime/streams/stream-reader.js';
import type { ServedAgent } from '../agents/served-agent.js';
import { asks, GatewayTasks } from './gateway-tasks.js';
import { WATCHED } from './message-query.js';
import { QueryChanges } from './query-changes.js';
import { attemptOf, isSettled, isTerminal } from './query-task.js';
import { TaskAnswers } from './task-answers.js';
import { WholeAnswers } from './whole-answers.js';

/** How long a canceled task may take to end. */
const CANCEL_WITHIN_MS = 10_000;
/** How long an answered task may take to go on. */
const GO_ON_WITHIN_MS = 10_000;
/** A Query that is to come is in the stream's sight at once: it exists. */
const STREAM_WITHIN_MS = 5_000;
const MANAGER = { fieldManager: 'ark-gateway' };

/** Tasks that are objects of the API server: Queries that the gateway made, and whoever may work on them does. */
@Injectable()
export class StoredTasks extends GatewayTasks {
  readonly lasting = true;

  constructor(
    private readonly callers: CallersServer,
    private readonly objects: Objects,
    private readonly cache: ResourceCache,
    private readonly changes: QueryChanges,
    private readonly answers: TaskAnswers,
    private readonly streams: StreamReader,
    private readonly wholeAnswers: WholeAnswers,
    private readonly tracing: Tracing,
    private readonly scope: RequestScope,
    private readonly requests: RequestsUnderWay,
  ) {
    super();
  }

  begin(asked: Query): Promise<Query> {
    this.scope.note(Query, asked.metadata);
    const query = withTrace(asked, this.tracing.headers());
    const spec = { ...query.spec, conversationId: query.spec.conversationId ?? orderedUuid() };
    return this.callers.get().create<Query>(resourceType(Query), { ...query, spec }, MANAGER);
  }

  /** Queries that the gateway did not make are no tasks. */
  async find(agent: ServedAgent, id: string): Promise<Query> {
    const server = this.callers.narrowed();
    const objects = server ? new ServerObjects(server) : this.objects;
    const query = id === '' ? undefined : await objects.get(Query, { namespace: agent.namespace, name: id });
    if (!query || !belongsTo(agent, query)) throw new TaskNotFoundError(`task '${id}' does not exist`);
    this.scope.note(Query, query.metadata);
    return query;
  }

  async list(agent: ServedAgent): Promise<Query[]> {
    const filter = { namespace: agent.namespace, labels: { [GATEWAY_LABEL]: 'true' } };
    return (await this.listed(filter)).filter((query) => belongsTo(agent, query));
  }

  private async listed(filter: ListFilter): Promise<Query[]> {
    const server = this.callers.narrowed();
    if (server) return new ServerObjects(server).list(Query, filter);
    const queries = this.cache.informer<Query>(resourceType(Query));
    await queries.synced;
    return queries.list(filter);
  }

  async settled(query: Query, signal: AbortSignal): Promise<Query | undefined> {
    const { namespace, name } = query.metadata;
    const { leaving } = this.requests;
    const settled = await this.changes.until({ namespace, name }, isSettled, AbortSignal.any([signal, leaving]));
    if (settled || signal.aborted || !leaving.aborted) return settled;
    return this.changes.latest({ namespace, name }) ?? query;
  }

  whole(query: Query): Promise<Query> {
    return this.wholeAnswers.in(query);
  }

  stream({ metadata: { namespace = '', name } }: Query, signal: AbortSignal): AsyncIterable<{ data: string }> {
    const request = { namespace, query: name, fromBeginning: true, waitMs: STREAM_WITHIN_MS };
    return this.streams.read(request, AbortSignal.any([signal, this.requests.leaving]));
  }

  async answer(query: Query, text: string): Promise<Query> {
    const left = await this.answers.give(query, text);
    if (left > 0) return query;
    const goesOn = (next: Query) => isTerminal(next) || attemptOf(next) > attemptOf(query);
    return (await this.changes.until(query.metadata, goesOn, AbortSignal.timeout(GO_ON_WITHIN_MS))) ?? query;
  }

  async watch({ metadata: { namespace, name, annotations } }: Query): Promise<void> {
    if (annotations?.[A2A_PUSH] === 'true') return;
    const body = { metadata: { annotations: WATCHED } };
    await this.callers.get().patch<Query>(resourceType(Query), { namespace, name }, { type: 'merge', body }, MANAGER);
  }

  async cancel(query: Query): Promise<Query> {
    const { namespace, name } = query.metadata;
    if (isTerminal(query)) throw new TaskNotCancelableError(`task '${name}' has ended already`);
    const body = { spec: { cancel: true } };
    await this.callers.get().patch<Query>(resourceType(Query), { namespace, name }, { type: 'merge', body }, MANAGER);
    const limit = AbortSignal.timeout(CANCEL_WITHIN_MS);
    const ended = await this.changes.until({ namespace, name }, isTerminal, limit);
    return ended ?? query;
  }
}

const belongsTo = (agent: ServedAgent, query: Query): boolean =>
  query.metadata.labels?.[GATEWAY_LABEL] === 'true' && asks(agent, query);
