import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ArkError, errorText, shownAddress } from '../../kit/index.js';
import { ApiServer } from '../../kube/api-server/api-server.js';
import { systemClock } from '../../machinery/controller/clock.js';
import { EventRecorder } from '../../machinery/controller/event-recorder.js';
import { RootLogger } from '../../machinery/observability/root-logger.js';
import type { QueryOutcome } from '../../reconcilers/query/query-dispatcher.js';
import type { A2ATask } from '../../resources/a2a-task/a2a-task.resource.js';
import type { Agent } from '../../resources/agent/agent.resource.js';
import { A2A_SERVER_ADDRESS, A2A_SERVER_NAME, EVENT_DATA } from '../../resources/labels.js';
import type { Query } from '../../resources/query/query.resource.js';

/** Milliseconds that Events may take at shutdown. */
const LAST_WRITES_MS = 500;

/** Ark's names of what went wrong in a call; all else is `A2AMessageFailed`. */
const WARNINGS: Record<string, string> = {
  ConnectionFailed: 'A2AConnectionFailed',
  HeadersUnresolved: 'A2AHeaderResolutionFailed',
  UnreadableAnswer: 'A2AResponseParseError',
};
const ENDS: Record<QueryOutcome['phase'], 'Complete' | 'Canceled' | 'Error'> = {
  done: 'Complete',
  'input-required': 'Complete',
  canceled: 'Canceled',
  error: 'Error',
};

type Data = Record<string, string>;

/** Tells of exchanges with agents on A2A servers as Events on their Query: how each began and how it ended. */
@Injectable()
export class HostedEvents implements OnApplicationShutdown {
  private readonly events: EventRecorder;

  constructor(server: ApiServer, logger: RootLogger) {
    this.events = new EventRecorder(server, logger, systemClock);
  }

  onApplicationShutdown(): Promise<void> {
    return this.events.close(LAST_WRITES_MS);
  }

  /** Does the work between two Events. Whatever happens, a beginning has an end. */
  async around(query: Query, agent: Agent, work: () => Promise<QueryOutcome>): Promise<QueryOutcome> {
    const data = dataOf(query, agent);
    const whom = `agent '${agent.metadata.name}' on A2AServer '${data.a2aServer}'`;
    this.tell(query, 'A2AExecutionStart', `Asking ${whom}`, data);
    const started = performance.now();
    const timed = () => ({ ...data, durationMs: (performance.now() - started).toFixed(2) });
    try {
      const outcome = await work();
      const end = ENDS[outcome.phase];
      const error: Data = end === 'Error' ? { error: outcome.content.slice(0, 1_000) } : {};
      this.tell(query, `A2AExecution${end}`, `${ended[end]} ${whom}`, { ...timed(), ...error });
      return outcome;
    } catch (error) {
      this.tellFailure(query, whom, error, timed());
      throw error;
    }
  }

  /** The server cannot be asked about a task of its own; it is asked again. */
  away(task: A2ATask, failure: Error): void {
    this.events.record(task, { type: 'Warning', reason: 'TaskPollingFailed', message: failure.message });
  }

  private tellFailure(query: Query, whom: string, error: unknown, data: Data): void {
    const { family, reason } = error instanceof ArkError ? error : { family: '', reason: '' };
    // Another process goes on with it.
    if (reason === 'Abandoned') return;
    const text = errorText(error);
    if (family === 'Canceled') {
      this.tell(query, 'A2AExecutionCanceled', `${ended.Canceled} ${whom}`, data);
      return;
    }
    this.tell(query, WARNINGS[reason] ?? 'A2AMessageFailed', text);
    this.tell(query, 'A2AExecutionError', `${ended.Error} ${whom}: ${text}`, { ...data, error: text.slice(0, 1_000) });
  }

  private tell(query: Query, reason: string, message: string, data?: Data): void {
    const type = /(Start|Complete|Canceled)$/.test(reason) ? 'Normal' : 'Warning';
    const annotations = data && { [EVENT_DATA]: JSON.stringify(data) };
    this.events.record(query, { type, reason, message, annotations });
  }
}

const ended = { Complete: 'Answered by', Canceled: 'Canceled:', Error: 'No answer from' };

function dataOf({ metadata, spec, status }: Query, agent: Agent): Data {
  const { uid = '', name, namespace = '' } = metadata;
  const conversationId = status?.conversationId ?? spec.conversationId;
  const { annotations = {} } = agent.metadata;
  return {
    queryId: uid,
    queryName: name,
    queryNamespace: namespace,
    sessionId: spec.sessionId ?? uid,
    ...(conversationId ? { conversationId } : {}),
    a2aServer: annotations[A2A_SERVER_NAME] ?? '',
    serverAddr: shownAddress(annotations[A2A_SERVER_ADDRESS] ?? ''),
    protocol: 'a2a-jsonrpc',
  };
}
