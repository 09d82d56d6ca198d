// A bare A2A SDK echo on Fastify in a process of its own, as the gateway is. Tells its parent the port.
import { randomUUID } from 'node:crypto';
import { formatSSEEvent, Role, TaskState } from '@a2a-js/sdk';
import {
  AgentEvent,
  DefaultRequestHandler,
  InMemoryTaskStore,
  JsonRpcTransportHandler,
  ServerCallContext,
  UnauthenticatedUser,
} from '@a2a-js/sdk/server';
import Fastify from 'fastify';

const card = {
  name: 'peer',
  description: '',
  version: '1',
  supportedInterfaces: [{ url: 'http://localhost', protocolBinding: 'JSONRPC', tenant: '', protocolVersion: '1.0' }],
  capabilities: { streaming: true, pushNotifications: false, extendedAgentCard: false, extensions: [] },
  securitySchemes: {},
  securityRequirements: [],
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [],
  signatures: [],
};

async function execute({ taskId, contextId, userMessage }, bus) {
  const ids = { taskId, contextId, metadata: undefined };
  const status = (state) => ({ state, message: undefined, timestamp: new Date().toISOString() });
  const { parts } = userMessage;
  const streamed = parts[0].content.value.startsWith('stream');
  if (!streamed) {
    const said = { messageId: randomUUID(), role: Role.ROLE_AGENT, extensions: [], referenceTaskIds: [] };
    bus.publish(AgentEvent.message({ ...said, ...ids, taskId: '', parts }));
    return bus.finished();
  }
  const task = { id: taskId, contextId, artifacts: [], history: [userMessage], metadata: undefined };
  bus.publish(AgentEvent.task({ ...task, status: status(TaskState.TASK_STATE_WORKING) }));
  const artifact = { artifactId: 'a', name: 'a', description: '', parts, metadata: undefined, extensions: [] };
  bus.publish(AgentEvent.artifactUpdate({ ...ids, artifact, append: false, lastChunk: true }));
  bus.publish(AgentEvent.statusUpdate({ ...ids, status: status(TaskState.TASK_STATE_COMPLETED) }));
  bus.finished();
}

const executor = { execute, cancelTask: async () => {} };
const handler = new JsonRpcTransportHandler(new DefaultRequestHandler(card, new InMemoryTaskStore(), executor));
const server = Fastify();
server.post('/', async (request, reply) => {
  const user = new UnauthenticatedUser();
  const context = new ServerCallContext({ requestedExtensions: [], user, requestedVersion: '1.0' });
  const answer = await handler.handle(request.body, context);
  if (!answer[Symbol.asyncIterator]) return answer;
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
  for await (const event of answer) reply.raw.write(formatSSEEvent(event));
  reply.raw.end();
});
process.send({ url: await server.listen({ port: 0, host: '127.0.0.1' }) });
