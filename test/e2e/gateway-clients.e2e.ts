import { randomUUID } from 'node:crypto';
import { Role } from '@a2a-js/sdk';
import {
  ClientFactory,
  DefaultAgentCardResolver,
  JsonRpcTransportFactory,
  RestTransportFactory,
} from '@a2a-js/sdk/client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { agent, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';

const legacyCompat = { enabled: true };
const CLIENTS = {
  'of protocol 1.0 over JSON-RPC': new ClientFactory({ transports: [new JsonRpcTransportFactory()] }),
  'of protocol 1.0 over HTTP': new ClientFactory({ transports: [new RestTransportFactory()] }),
  'of protocol 0.3 over HTTP': new ClientFactory({
    transports: [new RestTransportFactory({ legacyCompat })],
    cardResolver: new DefaultAgentCardResolver({ legacyCompat }),
  }),
  'of protocol 0.3 over JSON-RPC': new ClientFactory({
    transports: [new JsonRpcTransportFactory({ legacyCompat })],
    cardResolver: new DefaultAgentCardResolver({ legacyCompat }),
  }),
};

describe("the SDK's client", () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await Runtime.start();
    const input = yaml(agent('echo', { executionEngine: { name: 'echo', options: { delayMs: 20 } } }));
    expect(await runtime.ark(['apply', '-f', '-'], { input })).toMatchObject({ code: 0 });
  });
  afterAll(() => runtime?.dispose());

  const message = (value: string) => ({
    ...{ messageId: randomUUID(), role: Role.ROLE_USER, contextId: '', taskId: '' },
    parts: [{ content: { $case: 'text' as const, value }, metadata: undefined, filename: '', mediaType: '' }],
    ...{ metadata: undefined, extensions: [], referenceTaskIds: [] },
  });

  it.each(Object.entries(CLIENTS))('%s asks, listens and reads the task', async (_, factory) => {
    const client = await factory.createFromUrl(`${runtime.endpoints.http}/agent/echo/`);
    const request = { tenant: '', configuration: undefined, metadata: undefined };
    const answer = await client.sendMessage({ ...request, message: message('hello there') });
    expect(answer).toMatchObject({ parts: [{ content: { value: 'hello there' } }] });
    const said: string[] = [];
    let taskId = '';
    for await (const { payload } of client.sendMessageStream({ ...request, message: message('one two') })) {
      if (payload?.$case === 'task') taskId = payload.value.id;
      if (payload?.$case !== 'artifactUpdate') continue;
      for (const { content } of payload.value.artifact?.parts ?? [])
        if (content?.$case === 'text') said.push(content.value);
    }
    // The last piece says that there are no more.
    expect(said).toEqual(['one ', 'two', '']);
    const task = await client.getTask({ tenant: '', id: taskId });
    expect(task.artifacts[0]?.parts[0]?.content).toEqual({ $case: 'text', value: 'one two' });
  });
});
