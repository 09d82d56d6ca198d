import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { AgentCard, Role } from '@a2a-js/sdk';
import {
  AgentEvent,
  type AgentExecutor,
  DefaultRequestHandler,
  InMemoryTaskStore,
  JsonRpcTransportHandler,
  ServerCallContext,
} from '@a2a-js/sdk/server';
import { weatherAgent } from './weather-agent.js';

const port = Number(process.env.PORT ?? 8080);
const card = AgentCard.fromJSON({
  name: 'Weather Reporter',
  description: 'Says what the weather is like',
  version: '1.0.0',
  capabilities: { streaming: false },
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [{ id: 'forecast', name: 'Forecast', description: 'The weather of today at a place', tags: ['weather'] }],
  supportedInterfaces: [
    { url: `http://127.0.0.1:${port}/weather-reporter`, protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
  ],
});

/** The bridge between the protocol and the agent: a text in, a text out. */
const executor: AgentExecutor = {
  async execute({ userMessage, contextId }, bus) {
    const question = userMessage.parts.map(({ content }) => (content?.$case === 'text' ? content.value : '')).join('');
    const text = await weatherAgent.invoke(question);
    const part = { content: { $case: 'text' as const, value: text }, metadata: undefined, filename: '', mediaType: '' };
    bus.publish(
      AgentEvent.message({
        messageId: randomUUID(),
        role: Role.ROLE_AGENT,
        contextId,
        taskId: '',
        parts: [part],
        metadata: undefined,
        extensions: [],
        referenceTaskIds: [],
      }),
    );
    bus.finished();
  },
  cancelTask: async () => undefined,
};
const rpc = new JsonRpcTransportHandler(new DefaultRequestHandler(card, new InMemoryTaskStore(), executor));

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

// One host may have many agents: the list of their cards is what an A2AServer reads; each agent shows its own besides.
const pages: Record<string, unknown> = {
  '/.well-known/agent-card.json': [AgentCard.toJSON(card)],
  '/weather-reporter/.well-known/agent-card.json': AgentCard.toJSON(card),
};
createServer((request, response) => {
  const answer = async () => {
    if (request.method === 'GET') return pages[request.url ?? ''];
    if (request.method !== 'POST' || !request.url?.startsWith('/weather-reporter')) return undefined;
    return rpc.handle(await bodyOf(request), new ServerCallContext({ requestedVersion: '1.0' }));
  };
  answer().then(
    (content) => {
      response.writeHead(content ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(content ?? { error: 'not found' }));
    },
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
}).listen(port, process.env.HOST ?? '127.0.0.1');
