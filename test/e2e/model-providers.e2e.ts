import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { agent, query, yaml } from '../harness/manifests.js';
import { anthropicFormat } from '../harness/model-server/anthropic-format.js';
import { ModelServer } from '../harness/model-server/model-server.js';
import { openAIFormat } from '../harness/model-server/openai-format.js';
import { Runtime } from '../harness/runtime.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

const KEY = 'key-from-a-secret-42';
const model = (name: string, provider: string, id: string, config: object) => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Model',
  metadata: { name },
  spec: { provider, model: { value: id }, config: { [provider]: config } },
});
const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, stringData: { key: KEY } };
const apiKey = { valueFrom: { secretKeyRef: { name: 'keys', key: 'key' } } };

describeWithKubectl('an agent on the model of a vendor', () => {
  let runtime: Runtime;
  let openai: ModelServer;
  let anthropic: ModelServer;
  beforeAll(async () => {
    [openai, anthropic] = await Promise.all([ModelServer.listen(openAIFormat), ModelServer.listen(anthropicFormat)]);
    runtime = await Runtime.start();
    const at = ({ url }: ModelServer) => ({ value: url });
    const properties = { temperature: { value: '0.5' }, seed: { value: '7' } };
    await runtime.kubectlOk(
      ['apply', '-f', '-'],
      yaml(
        secret,
        model('default', 'openai', 'echo', { baseUrl: at(openai), apiKey, properties }),
        model('claude', 'anthropic', 'echo', { baseUrl: at(anthropic), apiKey }),
        model('closed', 'openai', 'locked', { baseUrl: at(openai), apiKey }),
        agent('parrot', { prompt: 'You repeat.' }),
        agent('careful', { prompt: 'You repeat.', modelRef: { name: 'claude' } }),
        agent('barred', { prompt: 'You repeat.', modelRef: { name: 'closed' } }),
      ),
    );
  });
  afterAll(async () => {
    await runtime?.dispose();
    await Promise.all([openai?.close(), anthropic?.close()]);
  });

  async function ask(name: string, to: string, condition = 'Completed') {
    const spec = { input: 'one two three', target: { type: 'agent', name: to } };
    await runtime.kubectlOk(['apply', '-f', '-'], yaml(query(name, spec)));
    await runtime.kubectlOk(['wait', `query/${name}`, `--for=condition=${condition}`, '--timeout=60s']);
    const text = await runtime.kubectlOk(['get', 'query', name, '-o', 'json']);
    return { text, status: JSON.parse(text).status };
  }

  it('is available by a probe, with the key of a Secret', async () => {
    await runtime.kubectlOk([
      'wait',
      'model/default',
      'model/claude',
      '--for=condition=ModelAvailable',
      '--timeout=60s',
    ]);
    expect(openai.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  it.each([
    ['openai', 'parrot'],
    ['anthropic', 'careful'],
  ])('of %s answers a Query, with its tokens in the status', async (vendor, name) => {
    const { status } = await ask(`of-${vendor}`, name);
    expect(status).toMatchObject({
      phase: 'done',
      response: { content: 'ONE TWO THREE' },
      tokenUsage: { promptTokens: 20, completionTokens: 4, totalTokens: 24 },
    });
  });

  it('sends the prompt, and properties with their types', async () => {
    await ask('typed', 'parrot');
    expect(openai.completions().at(-1)?.body).toMatchObject({
      temperature: 0.5,
      seed: 7,
      messages: [
        { role: 'system', content: 'You repeat.' },
        { role: 'user', content: 'one two three' },
      ],
    });
  });

  it('passes the words on piece by piece', async () => {
    const reading = fetch(`${runtime.endpoints.http}/stream/pieces?wait-for-query=20&from-beginning=true`);
    await ask('pieces', 'parrot');
    const lines = (await (await reading).text()).split('\n').filter((line) => line.startsWith('data: {'));
    const pieces = lines.map((line) => JSON.parse(line.slice(6)).choices?.[0]?.delta.content).filter(Boolean);
    // Words that come within a few milliseconds are one piece.
    expect(pieces.join('')).toBe('ONE TWO THREE');
    expect(pieces.length).toBeGreaterThan(1);
  });

  it('that refuses the key says so in the statuses, which hold no key', async () => {
    const { text, status } = await ask('barred', 'barred');
    expect(status.phase).toBe('error');
    expect(text).toContain("model 'default/closed' (openai, locked) answered 401: Incorrect API key provided");
    await runtime.kubectlOk(['wait', 'model/closed', '--for=condition=ModelAvailable=false', '--timeout=60s']);
    const models = await runtime.kubectlOk(['get', 'models,events', '-o', 'yaml']);
    expect(models).toContain('Incorrect API key provided');
    for (const shown of [text, models, runtime.output]) expect(shown).not.toContain(KEY);
  });
});
