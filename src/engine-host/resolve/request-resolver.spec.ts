import { describe, expect, it } from '@jest/globals';
import { IsInt, IsOptional } from 'class-validator';
import { agent, query } from '../../../test/harness/manifests.js';
import { MemoryObjects } from '../../../test/harness/memory-objects.js';
import type { Engine, InstalledEngine, Message, ModelConfig, ModelProvider } from '../../kit/index.js';
import type { ConversationHistory } from '../../runtime/conversation-history.js';
import { ModelResolver } from './model-resolver.js';
import { RequestResolver } from './request-resolver.js';

class Options {
  @IsOptional() @IsInt() depth = 1;
}
const engine: InstalledEngine = {
  options: { name: 'e', description: '', options: Options },
  engine: {} as Engine,
};
const secret = (name: string, values: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
});
const model = (name: string, spec: Record<string, unknown>, labels = {}) => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Model',
  metadata: { name, labels },
  spec,
});
const fromSecret = (name: string, key: string) => ({ valueFrom: { secretKeyRef: { name, key } } });

function resolve(objects: MemoryObjects, name = 'q', turns: Record<string, Message[]> = {}) {
  const opened: ModelConfig[] = [];
  const provider: ModelProvider = {
    open: (config) => {
      opened.push(config);
      return { config, async *complete() {} };
    },
  };
  const providers = { get: (id: string) => (id === 'openai' ? provider : undefined), names: () => ['openai'] };
  const history: ConversationHistory = { turns: async (_, id) => turns[id] ?? [] };
  const resolver = new RequestResolver(objects, new ModelResolver(objects, providers), history);
  const ref = { name, namespace: 'default' };
  const asked = (contextId = '', text = 'hi') => resolver.resolve(engine, { ref, text, contextId });
  return { asked, opened };
}

describe('a request to an engine', () => {
  it('has the prompt with its parameters, those of the Query and of Secrets included', async () => {
    const parameters = [
      { name: 'tone', value: 'kind' },
      { name: 'who', valueFrom: { queryParameterRef: { name: 'customer' } } },
      { name: 'code', ...fromSecret('codes', 'door') },
    ];
    const objects = new MemoryObjects().put(
      secret('codes', { door: '1234' }),
      agent('a', { prompt: 'Be {{.tone}} to {{.who}}: {{.code}}', parameters, outputSchema: { type: 'object' } }),
      query('q', {
        input: 'x',
        target: { type: 'agent', name: 'a' },
        parameters: [{ name: 'customer', value: 'Ada' }],
      }),
    );
    const { request } = await resolve(objects).asked();
    expect(request.agent.prompt).toBe('Be kind to Ada: 1234');
    expect(request.agent.outputSchema).toEqual({ type: 'object' });
    expect(request.userInput).toEqual({ role: 'user', content: 'hi' });
  });

  it('leaves braces alone in the prompt of an agent without parameters', async () => {
    const objects = new MemoryObjects().put(
      agent('a', { prompt: 'Write {{ handlebars }}' }),
      query('q', { input: 'x', target: { type: 'agent', name: 'a' } }),
    );
    expect((await resolve(objects).asked()).request.agent.prompt).toBe('Write {{ handlebars }}');
  });

  it('takes the words from the Query when the message has none', async () => {
    const target = { type: 'agent', name: 'a' };
    const objects = new MemoryObjects().put(agent('a', {}), query('q', { input: 'written down', target }));
    expect((await resolve(objects).asked('', '')).request.userInput.content).toBe('written down');
  });

  it('carries the turns of the conversation that the caller or the Query continues', async () => {
    const earlier: Message[] = [{ role: 'user', content: 'before' }];
    const target = { type: 'agent', name: 'a' };
    const objects = new MemoryObjects().put(
      agent('a', {}),
      query('new', { input: 'x', target }),
      query('q', { input: 'x', target, conversationId: 'thread' }),
    );
    const { request } = await resolve(objects, 'q', { thread: earlier }).asked();
    expect([request.conversationId, request.history]).toEqual(['thread', earlier]);
    const told = await resolve(objects, 'q', { told: earlier }).asked('told');
    expect([told.request.conversationId, told.request.history]).toEqual(['told', earlier]);
    const fresh = await resolve(objects, 'new').asked();
    expect([fresh.request.conversationId, fresh.request.history]).toEqual(['uid-new', []]);
  });

  it('has the validated options with their defaults, and an error that names the agent for wrong ones', async () => {
    const target = { type: 'agent', name: 'a' };
    const objects = new MemoryObjects().put(agent('a', {}), query('q', { input: 'x', target }));
    expect((await resolve(objects).asked()).request.options).toEqual({ depth: 1 });
    objects.put(agent('a', { executionEngine: { name: 'e', options: { depth: 'deep', width: 1 } } }));
    await expect(resolve(objects).asked()).rejects.toMatchObject({
      family: 'Invalid',
      message: expect.stringMatching(
        /agent 'default\/a', spec\.executionEngine\.options for engine 'e'(?=.*depth)(?=.*width)/s,
      ),
    });
  });

  it('lends a client of the model with its keys, typed properties and headers, overrides last', async () => {
    const config = {
      openai: {
        baseUrl: { value: 'https://models.example.com' },
        apiKey: fromSecret('keys', 'token'),
        headers: [{ name: 'X-Team', value: { value: 'model' } }],
        properties: { temperature: { value: '0.5' }, stop: { value: 'END' }, stream: { value: 'true' } },
      },
    };
    const override = (value: string) => [
      {
        resourceType: 'model',
        labelSelector: { matchLabels: { tier: 'gold' } },
        headers: [{ name: 'x-team', value: { value } }],
      },
    ];
    const objects = new MemoryObjects().put(
      secret('keys', { token: 's3cret' }),
      model('default', { provider: 'openai', model: { value: 'gpt' }, config }, { tier: 'gold' }),
      agent('a', { overrides: override('agent') }),
      query('q', { input: 'x', target: { type: 'agent', name: 'a' }, overrides: override('query') }),
    );
    const { asked, opened } = resolve(objects);
    const { request, model: open } = await asked();
    expect(request.agent.model).toEqual({ name: 'default', namespace: 'default', provider: 'openai', id: 'gpt' });
    expect(JSON.stringify(request)).not.toContain('s3cret');
    await open();
    expect(opened[0]).toEqual({
      name: 'default',
      namespace: 'default',
      model: 'gpt',
      settings: { baseUrl: 'https://models.example.com', apiKey: 's3cret' },
      properties: { temperature: 0.5, stop: 'END', stream: true },
      headers: { 'x-team': 'query' },
      secrets: ['s3cret'],
      egress: { loopback: true },
    });
  });

  it('acts for a model without any prompt when the Query asks the model itself', async () => {
    const objects = new MemoryObjects().put(
      model('m', { provider: 'openai', model: { value: 'gpt' }, config: { openai: {} } }),
      query('q', { input: 'x', target: { type: 'model', name: 'm' } }),
    );
    const { asked, opened } = resolve(objects);
    const { request, model: open } = await asked();
    expect(request.agent).toMatchObject({ name: 'm', prompt: '', tools: [] });
    await open();
    expect(opened).toHaveLength(1);
  });

  it.each([
    ['a Query that is gone', [], /Query 'default\/q' does not exist/],
    [
      'an agent that is gone',
      [query('q', { input: 'x', target: { type: 'agent', name: 'a' } })],
      /query 'default\/q': Agent 'default\/a'/,
    ],
  ])('is refused for %s, naming it', async (_, objects, message) => {
    await expect(resolve(new MemoryObjects().put(...objects)).asked()).rejects.toThrow(message);
  });

  it('says which model is missing only when the engine wants one', async () => {
    const target = { type: 'agent', name: 'a' };
    const objects = new MemoryObjects().put(
      agent('a', { modelRef: { name: 'gone' } }),
      query('q', { input: 'x', target }),
    );
    const { request, model: open } = await resolve(objects).asked();
    expect(request.agent.model).toBeUndefined();
    await expect(open()).rejects.toThrow("agent 'default/a': Model 'default/gone' does not exist");
    objects.put(model('gone', { provider: 'opnai', model: { value: 'x' } }));
    await expect(open()).rejects.toThrow("no model provider 'opnai'; installed: openai");
  });
});

describe('the deadline of a request', () => {
  const target = { type: 'agent', name: 'a' };
  const left = async (spec: object, status?: object) => {
    const objects = new MemoryObjects().put(agent('a', {}), { ...query('q', { input: 'x', target, ...spec }), status });
    return (await resolve(objects).asked()).deadline.getTime() - Date.now();
  };

  it('is the time-out, five minutes by default', async () => {
    expect(await left({})).toBeGreaterThan(295_000);
    expect(await left({ timeout: '10s' })).toBeLessThanOrEqual(10_000);
  });

  it('counts from the claim of a running Query', async () => {
    const since = new Date(Date.now() - 8_000).toISOString();
    expect(await left({ timeout: '10s' }, { phase: 'running', claim: { since } })).toBeLessThanOrEqual(3_000);
  });
});
