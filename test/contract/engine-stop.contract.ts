import type { Message, Task } from '@a2a-js/sdk';
import { type Client, ClientFactory } from '@a2a-js/sdk/client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Engine, type EngineEvent, type ExecutionContext, ExecutionEngine, text } from '../../src/kit/index.js';
import { RequestsUnderWay } from '../../src/machinery/http/requests-under-way.js';
import { EngineProcess } from '../harness/engine-process.js';
import { eventually } from '../harness/eventually.js';
import { agent, query } from '../harness/manifests.js';
import { MemoryObjects } from '../harness/memory-objects.js';

const REF = 'https://github.com/mckinsey/agents-at-scale-ark/tree/main/ark/api/extensions/query/v1/ref';
const AGAIN = 'this process stops before it has the answer: send the message again';

/** Says a word and never another one. */
class Endless implements Engine {
  running = 0;

  async *execute(_request: unknown, { signal }: ExecutionContext): AsyncIterable<EngineEvent> {
    yield text('one ');
    this.running += 1;
    await new Promise((_, stop) => signal.addEventListener('abort', () => stop(signal.reason as Error)));
  }
}
ExecutionEngine({ name: 'endless', description: 'Never comes to an end' })(Endless);

const message = {
  tenant: '',
  message: {
    ...{ messageId: 'm', contextId: 'thread', taskId: '', role: 1, extensions: [], referenceTaskIds: [] },
    parts: [{ content: { $case: 'text' as const, value: 'go' }, metadata: undefined, filename: '', mediaType: '' }],
    metadata: { [REF]: { name: 'q', namespace: 'default' } },
  },
  configuration: undefined,
  metadata: undefined,
};

describe('a process that stops while its engines work', () => {
  let engine: Endless;
  let requests: RequestsUnderWay;
  let engines: EngineProcess;
  let client: Client;
  beforeEach(async () => {
    engine = new Endless();
    requests = new RequestsUnderWay(0);
    const objects = new MemoryObjects().put(
      agent('a', { prompt: 'Go.', executionEngine: { name: 'endless' } }),
      query('q', { input: 'go', target: { type: 'agent', name: 'a' } }),
    );
    engines = await EngineProcess.listenWith([{ provide: RequestsUnderWay, useValue: requests }], objects, engine);
    client = await new ClientFactory().createFromUrl(`${engines.url}/engines/endless/`);
  });
  afterEach(() => engines?.close());

  it('tells who waits for an answer to ask again', async () => {
    const sent: Promise<Message | Task> = client.sendMessage({
      ...message,
      configuration: {
        ...{ acceptedOutputModes: [], historyLength: undefined, taskPushNotificationConfig: undefined },
        returnImmediately: false,
      },
    });
    const failed = expect(sent).rejects.toThrow(AGAIN);
    await eventually(() => expect(engine.running).toBe(1));
    await requests.answered();
    await failed;
  });

  it('ends the stream of a task with its failure', async () => {
    const heard: unknown[] = [];
    for await (const { payload } of client.sendMessageStream(message)) {
      heard.push(payload);
      // The first word was said.
      if (payload?.$case === 'artifactUpdate') void requests.answered();
    }
    expect(heard.at(-1)).toMatchObject({
      $case: 'statusUpdate',
      value: { status: { state: 4, message: { parts: [{ content: { value: AGAIN } }] } } },
    });
  });
});
