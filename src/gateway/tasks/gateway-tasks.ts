import { TaskNotCancelableError, TaskNotFoundError } from '@a2a-js/sdk/errors';
import { Injectable } from '@nestjs/common';
import { type ListFilter, resourceType } from '../../kit/index.js';
import { ResourceCache } from '../../kube/cache/resource-cache.js';
import { CallersServer } from '../../machinery/http/callers-server.js';
import { Tracing } from '../../machinery/observability/tracing/tracing.js';
import { A2A_PUSH, GATEWAY_LABEL, TRACE_PARENT } from '../../resources/labels.js';
import { Query } from '../../resources/query/query.resource.js';
import { queryTargets } from '../../resources/query/query-target.js';
import { Objects, ServerObjects } from '../../runtime/objects.js';
import type { ServedAgent } from '../agents/served-agent.js';
import { WATCHED } from './message-query.js';
import { QueryChanges } from './query-changes.js';
import { attemptOf, isSettled, isTerminal } from './query-task.js';
import { TaskAnswers } from './task-answers.js';

/** How long a canceled task may take to end. */
const CANCEL_WITHIN_MS = 10_000;
/** How long an answered task may take to go on. */
const GO_ON_WITHIN_MS = 10_000;
const MANAGER = { fieldManager: 'ark-gateway' };

/** The tasks of the gateway: Queries that it made. */
@Injectable()
export class GatewayTasks {
  constructor(
    private readonly callers: CallersServer,
    private readonly objects: Objects,
    private readonly cache: ResourceCache,
    private readonly changes: QueryChanges,
    private readonly answers: TaskAnswers,
    private readonly tracing: Tracing,
  ) {}

  begin(query: Query): Promise<Query> {
    const { traceparent } = this.tracing.headers();
    if (traceparent) query.metadata.annotations = { ...query.metadata.annotations, [TRACE_PARENT]: traceparent };
    return this.callers.get().create<Query>(resourceType(Query), query, MANAGER);
  }

  /** @throws TaskNotFoundError also for Queries of other agents, and for those that the gateway did not make */
  async find(agent: ServedAgent, id: string): Promise<Query> {
    const server = this.callers.narrowed();
    const objects = server ? new ServerObjects(server) : this.objects;
    const query = id === '' ? undefined : await objects.get(Query, { namespace: agent.namespace, name: id });
    if (!query || !belongsTo(agent, query)) throw new TaskNotFoundError(`task '${id}' does not exist`);
    return query;
  }

  /** The agent's tasks, the newest first. */
  async list(agent: ServedAgent): Promise<Query[]> {
    const filter = { namespace: agent.namespace, labels: { [GATEWAY_LABEL]: 'true' } };
    return (await this.listed(filter)).filter((query) => belongsTo(agent, query)).toSorted(newestFirst);
  }

  private async listed(filter: ListFilter): Promise<Query[]> {
    const server = this.callers.narrowed();
    if (server) return new ServerObjects(server).list(Query, filter);
    const queries = this.cache.informer<Query>(resourceType(Query));
    await queries.synced;
    return queries.list(filter);
  }

  /** The Query when nothing more will come from it by itself; undefined when it is gone, or the signal is aborted. */
  settled({ metadata: { namespace, name } }: Query, signal: AbortSignal): Promise<Query | undefined> {
    return this.changes.until({ namespace, name }, isSettled, signal);
  }

  /** Answers what a task asks. Returns its Query when it has gone on, or as it is while it asks for more. */
  async answer(query: Query, text: string): Promise<Query> {
    const left = await this.answers.give(query, text);
    if (left > 0) return query;
    const goesOn = (next: Query) => isTerminal(next) || attemptOf(next) > attemptOf(query);
    return (await this.changes.until(query.metadata, goesOn, AbortSignal.timeout(GO_ON_WITHIN_MS))) ?? query;
  }

  /** From now on somebody is told of its changes. */
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

const belongsTo = ({ type, name }: ServedAgent, query: Query): boolean => {
  const [target] = queryTargets(query);
  return query.metadata.labels?.[GATEWAY_LABEL] === 'true' && target?.type === type && target.name === name;
};

const newestFirst = ({ metadata: a }: Query, { metadata: b }: Query): number => {
  const [older, newer] = [a.creationTimestamp ?? '', b.creationTimestamp ?? ''];
  return older === newer ? a.name.localeCompare(b.name) : newer.localeCompare(older);
};
