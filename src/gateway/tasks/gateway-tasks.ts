import type { Query } from '../../resources/query/query.resource.js';
import { queryTargets } from '../../resources/query/query-target.js';
import type { ServedAgent } from '../agents/served-agent.js';

/** The tasks of the gateway: a Query each, whether an API server knows it or only this process. */
export abstract class GatewayTasks {
  /** Whether tasks outlive the process, and somebody who is not here can be told of them. */
  abstract readonly lasting: boolean;

  /** Has a Query worked on. Returns it as it is at its begin. */
  abstract begin(query: Query): Promise<Query>;

  /** @throws TaskNotFoundError also for tasks of other agents */
  abstract find(agent: ServedAgent, id: string): Promise<Query>;

  /** The agent's tasks, in no order. */
  abstract list(agent: ServedAgent): Promise<Query[]>;

  /**
   * The Query when nothing more will come from it by itself, or as it is when this process stops and waits no longer;
   * undefined when it is gone, or the signal is aborted.
   */
  abstract settled(query: Query, signal: AbortSignal): Promise<Query | undefined>;

  /** The Query with all of its answer, where its status had room for a part only. */
  abstract whole(query: Query): Promise<Query>;

  /** The events of a Query's stream as JSON texts, from its begin to its end, or to that of this process. */
  abstract stream(query: Query, signal: AbortSignal): AsyncIterable<{ data: string }>;

  /** Answers what a task asks. Returns its Query when it has gone on, or as it is while it asks for more. */
  abstract answer(query: Query, text: string): Promise<Query>;

  /** From now on somebody is told of its changes. Called only where tasks last. */
  abstract watch(query: Query): Promise<void>;

  /** @throws TaskNotCancelableError when it has ended */
  abstract cancel(query: Query): Promise<Query>;
}

export const asks = ({ type, name }: ServedAgent, query: Query): boolean => {
  const [target] = queryTargets(query);
  return target?.type === type && target.name === name;
};
