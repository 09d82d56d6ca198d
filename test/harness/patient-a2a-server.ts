import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AgentCard,
  formatSSEEvent,
  type Message,
  type Task,
  type TaskPushNotificationConfig,
  TaskState,
} from '@a2a-js/sdk';
import {
  AgentEvent,
  type AgentExecutor,
  DefaultExecutionEventBusManager,
  DefaultPushNotificationSender,
  DefaultRequestHandler,
  type ExecutionEventBus,
  InMemoryPushNotificationStore,
  InMemoryTaskStore,
  JsonRpcTransportHandler,
  type RequestContext,
  ServerCallContext,
} from '@a2a-js/sdk/server';

/** What a server offers. */
interface Offer {
  streaming: boolean;
  /** Whether it sends push notifications. Default: no. */
  pushes?: boolean;
  /** Of its agent. */
  name?: string;
}

/** An A2A 1.0 server made of the SDK's parts, whose one agent works on a task until it is told to finish. */
export class PatientA2aServer implements AgentExecutor {
  /** Methods of all requests, in order. */
  readonly methods: string[] = [];
  readonly canceled: string[] = [];
  /** What every request must bring as `Authorization`; undefined: nothing. */
  demanded?: string;
  /** Requests that did not. */
  refused = 0;
  private readonly working = new Map<string, () => void>();
  private readonly server: Server;
  private readonly handler: JsonRpcTransportHandler;

  /** Who is told of tasks. */
  private readonly receivers = new InMemoryPushNotificationStore();

  private constructor(private readonly offer: Offer) {
    this.server = createServer((request, response) => void this.serve(request, response));
    const card = cardOf('http://unknown', offer);
    const events = new DefaultExecutionEventBusManager();
    const receivers = offer.pushes ? this.receivers : undefined;
    const sender = receivers && new DefaultPushNotificationSender(receivers);
    this.handler = new JsonRpcTransportHandler(
      new DefaultRequestHandler(card, new InMemoryTaskStore(), this, events, receivers, sender),
    );
  }

  static async listen(offer: Offer): Promise<PatientA2aServer> {
    const server = new PatientA2aServer(offer);
    await new Promise<void>((ready) => server.server.listen(0, '127.0.0.1', ready));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get tasks(): string[] {
    return [...this.working.keys()];
  }

  count(...methods: string[]): number {
    return this.methods.filter((method) => methods.includes(method)).length;
  }

  /** Where others want to be told of a task. */
  async receiversOf(taskId: string): Promise<TaskPushNotificationConfig[]> {
    return this.receivers.load(taskId, new ServerCallContext({ requestedVersion: '1.0' }));
  }

  /** Ends the work on every task with an answer. */
  finish(): void {
    for (const done of this.working.values()) done();
  }

  close(): Promise<void> {
    this.finish();
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }

  execute = async ({ taskId, contextId, userMessage }: RequestContext, bus: ExecutionEventBus): Promise<void> => {
    bus.publish(AgentEvent.task(task(taskId, contextId, [userMessage])));
    await new Promise<void>((done) => this.working.set(taskId, done));
    this.working.delete(taskId);
    const part = { content: { $case: 'text' as const, value: 'it took its time' }, metadata: undefined };
    const artifact = {
      ...{ artifactId: 'a', name: 'a', description: '', metadata: undefined, extensions: [] },
      parts: [{ ...part, filename: '', mediaType: 'text/plain' }],
    };
    const facts = { taskId, contextId, metadata: undefined };
    bus.publish(AgentEvent.artifactUpdate({ ...facts, artifact, append: false, lastChunk: true }));
    const status = { state: TaskState.TASK_STATE_COMPLETED, message: undefined, timestamp: undefined };
    bus.publish(AgentEvent.statusUpdate({ ...facts, status }));
  };

  cancelTask = async (taskId: string): Promise<void> => {
    this.canceled.push(taskId);
    this.working.get(taskId)?.();
  };

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.demanded !== undefined && request.headers.authorization !== this.demanded) {
      this.refused += 1;
      response.writeHead(401).end();
      return;
    }
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(AgentCard.toJSON(cardOf(this.url, this.offer))));
      return;
    }
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body = JSON.parse(text) as Record<string, unknown> & { method: string };
    this.methods.push(body.method);
    const answer: unknown = await this.handler.handle(body, new ServerCallContext({ requestedVersion: '1.0' }));
    if (typeof (answer as AsyncGenerator)[Symbol.asyncIterator] !== 'function') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    try {
      for await (const event of answer as AsyncGenerator) response.write(formatSSEEvent(event));
      response.end();
    } catch {
      // A task that has ended has no stream.
      response.destroy();
    }
  }
}

const task = (id: string, contextId: string, history: Message[]): Task => ({
  id,
  contextId,
  status: { state: TaskState.TASK_STATE_WORKING, message: undefined, timestamp: undefined },
  artifacts: [],
  history,
  metadata: undefined,
});

const cardOf = (url: string, { name = 'patient', streaming, pushes = false }: Offer): AgentCard =>
  AgentCard.fromJSON({
    name,
    description: 'Works until it is told to finish',
    version: '1',
    supportedInterfaces: [{ url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
    capabilities: { streaming, pushNotifications: pushes },
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [],
  });
