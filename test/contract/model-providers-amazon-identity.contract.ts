import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BedrockModelProvider } from '../../plugins/models/ai-sdk/bedrock/bedrock.model-provider.js';
import { bedrockFormat } from '../harness/model-server/bedrock-format.js';
import { ModelServer } from '../harness/model-server/model-server.js';

/** The chain looks at nothing of the machine that runs the tests. */
const NOBODY = {
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
  AWS_CONFIG_FILE: '/nonexistent/config',
};

describe('a model of bedrock without keys', () => {
  const before = { ...process.env };
  let models: ModelServer;
  let asked: (string | undefined)[];
  const container = createServer((request, response) => {
    asked.push(request.headers.authorization);
    const keys = { AccessKeyId: 'AKIDOFROLE', SecretAccessKey: 'secret-abcdef', Token: 'session-abcdef' };
    response.end(JSON.stringify({ ...keys, Expiration: new Date(Date.now() + 3_600_000).toISOString() }));
  });
  beforeEach(async () => {
    asked = [];
    models = await ModelServer.listen(bedrockFormat);
    await new Promise<void>((ready) => container.listen(0, '127.0.0.1', ready));
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
    Object.assign(process.env, NOBODY);
  });
  afterEach(async () => {
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
    Object.assign(process.env, before);
    await models.close();
    await new Promise((done) => container.close(done));
  });

  async function ask(provider: BedrockModelProvider) {
    const settings = { baseUrl: models.url, region: 'eu-west-1' };
    const config = { name: 'm', namespace: 'n', model: 'echo', settings, properties: {}, headers: {} };
    const request = { messages: [{ role: 'user' as const, content: 'Hi' }] };
    for await (const _event of provider.open(config).complete(request, new AbortController().signal));
    return models.completions().at(-1)?.headers;
  }

  it('signs as the role of the container, which is asked for once', async () => {
    process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = `http://127.0.0.1:${(container.address() as AddressInfo).port}/role`;
    process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN = 'token-of-pod';
    const provider = new BedrockModelProvider();
    await ask(provider);
    const headers = await ask(provider);
    expect(headers?.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDOFROLE\//);
    expect(headers?.['x-amz-security-token']).toBe('session-abcdef');
    expect(asked).toEqual(['token-of-pod']);
  });

  it('carries the bearer key of the environment before that', async () => {
    process.env.AWS_BEARER_TOKEN_BEDROCK = 'bearer-abcdef';
    process.env.AWS_ACCESS_KEY_ID = 'AKIDEXAMPLE';
    process.env.AWS_SECRET_ACCESS_KEY = 'secret';
    expect((await ask(new BedrockModelProvider()))?.authorization).toBe('Bearer bearer-abcdef');
  });

  it('is refused where the runtime is nobody, with the ways to be somebody', async () => {
    await expect(ask(new BedrockModelProvider())).rejects.toMatchObject({
      family: 'Denied',
      message: expect.stringMatching(/^model 'n\/m'.*: write apiKey, .* or give the runtime an identity at Amazon/),
    });
    expect(models.completions()).toEqual([]);
  });
});
