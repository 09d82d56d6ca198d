import { randomUUID } from 'node:crypto';
import { Role } from '@a2a-js/sdk';
import {
  AgentEvent,
  DefaultRequestHandler,
  InMemoryTaskStore,
  JsonRpcTransportHandler,
  ServerCallContext,
  UnauthenticatedUser,
} from '@a2a-js/sdk/server';
import Fastify from 'fastify';
import { Agent, request } from 'undici';
import { inParallel, percentile, round } from '../harness/statistics.mjs';

/** Servers that do nothing but answer: what the wire and the framework cost on this machine, in this run. */
export async function peers() {
  const server = Fastify();
  server.post('/bare', async (incoming) => incoming.body);
  const handler = new JsonRpcTransportHandler(
    new DefaultRequestHandler(card, new InMemoryTaskStore(), { execute, cancelTask }),
  );
  server.post('/a2a', (incoming) =>
    handler.handle(
      incoming.body,
      new ServerCallContext({ requestedExtensions: [], user: new UnauthenticatedUser(), requestedVersion: '1.0' }),
    ),
  );
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  const bare = await measure(`${url}/bare`, () => ({ hello: 'world' }));
  const a2a = await measure(`${url}/a2a`, sendMessage);
  await server.close();
  return [
    { what: 'peer: bare Fastify echo, p50', budget: '—', value: round(bare.p50, 2), unit: 'ms' },
    { what: 'peer: bare Fastify echo', budget: '—', value: round(bare.perSecond, 0), unit: '/s' },
    { what: 'peer: bare A2A SDK echo, p50', budget: '—', value: round(a2a.p50, 2), unit: 'ms' },
    { what: 'peer: bare A2A SDK echo', budget: '—', value: round(a2a.perSecond, 0), unit: '/s' },
  ];
}

async function measure(url, body) {
  const dispatcher = new Agent({ connections: 64 });
  const call = async () => {
    const payload = JSON.stringify(body());
    const response = await request(url, {
      method: 'POST',
      dispatcher,
      headers: { 'content-type': 'application/json' },
      body: payload,
    });
    const text = await response.body.text();
    if (response.statusCode !== 200 || text.includes('"error"')) throw new Error(`${url}: ${text}`);
  };
  for (let i = 0; i < 200; i++) await call();
  const times = [];
  for (let i = 0; i < 500; i++) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  const start = performance.now();
  await inParallel(5000, 64, call);
  const perSecond = 5000 / ((performance.now() - start) / 1000);
  await dispatcher.close();
  return { p50: percentile(times, 0.5), perSecond };
}

const sendMessage = () => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'SendMessage',
  params: { message: { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text: 'hello' }] } },
});

async function execute(context, bus) {
  bus.publish(
    AgentEvent.message({
      messageId: randomUUID(),
      role: Role.ROLE_AGENT,
      contextId: context.contextId,
      taskId: '',
      parts: context.userMessage.parts,
      metadata: undefined,
      extensions: [],
      referenceTaskIds: [],
    }),
  );
  bus.finished();
}
async function cancelTask() {}

const card = {
  name: 'peer',
  description: '',
  version: '1',
  supportedInterfaces: [{ url: 'http://localhost', protocolBinding: 'JSONRPC', tenant: '', protocolVersion: '1.0' }],
  provider: undefined,
  capabilities: { streaming: false, pushNotifications: false, extendedAgentCard: false, extensions: [] },
  securitySchemes: {},
  securityRequirements: [],
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [],
  signatures: [],
};
