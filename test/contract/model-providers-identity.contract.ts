import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AzureModelProvider } from '../../plugins/models/ai-sdk/azure/azure.model-provider.js';
import { ModelServer } from '../harness/model-server/model-server.js';
import { openAIFormat } from '../harness/model-server/openai-format.js';

describe('a model of azure', () => {
  let models: ModelServer;
  let folder: string;
  let provider: AzureModelProvider;
  let asked: { url: string; metadata: unknown; form: Record<string, string> }[];
  let answer: { status: number; body: object };
  const tokens = createServer((request, response) => void hand(request, response));
  async function hand(request: IncomingMessage, response: ServerResponse) {
    let text = '';
    for await (const piece of request) text += String(piece);
    const form = Object.fromEntries(new URLSearchParams(text));
    asked.push({ url: request.url ?? '', metadata: request.headers.metadata, form });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  }
  const before = { ...process.env };
  beforeEach(async () => {
    models = await ModelServer.listen(openAIFormat);
    provider = new AzureModelProvider();
    asked = [];
    answer = { status: 200, body: { access_token: 'token-abcdef', expires_in: '3600' } };
    await new Promise<void>((ready) => tokens.listen(0, '127.0.0.1', ready));
    const url = `http://127.0.0.1:${(tokens.address() as AddressInfo).port}/`;
    folder = await mkdtemp(join(tmpdir(), 'ark-identity-'));
    process.env.AZURE_POD_IDENTITY_AUTHORITY_HOST = url;
    process.env.AZURE_AUTHORITY_HOST = url;
    process.env.AZURE_FEDERATED_TOKEN_FILE = join(folder, 'token');
    await writeFile(join(folder, 'token'), 'federated-1\n');
  });
  afterEach(async () => {
    for (const name of ['AZURE_POD_IDENTITY_AUTHORITY_HOST', 'AZURE_AUTHORITY_HOST', 'AZURE_FEDERATED_TOKEN_FILE']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    await rm(folder, { recursive: true });
    await models.close();
    tokens.closeAllConnections();
    await new Promise((done) => tokens.close(done));
  });

  async function ask(auth: object | undefined) {
    const settings = { baseUrl: models.url, auth };
    const config = { name: 'm', namespace: 'n', model: 'echo', settings, properties: {}, headers: {} };
    const request = { messages: [{ role: 'user' as const, content: 'Hi' }] };
    for await (const _event of provider.open(config).complete(request, new AbortController().signal));
    return models.completions().at(-1)?.headers;
  }

  it('asks the instance for a token of the identity, and keeps it', async () => {
    const auth = { managedIdentity: { clientId: 'client-1' } };
    await Promise.all([ask(auth), ask(auth)]);
    const headers = await ask(auth);
    expect(headers?.authorization).toBe('Bearer token-abcdef');
    expect(headers).not.toHaveProperty('api-key');
    expect(asked).toHaveLength(1);
    expect(asked[0]?.metadata).toBe('true');
    const url = new URL(asked[0]!.url, 'http://x');
    expect([url.pathname, Object.fromEntries(url.searchParams)]).toEqual([
      '/metadata/identity/oauth2/token',
      { 'api-version': '2018-02-01', resource: 'https://cognitiveservices.azure.com', client_id: 'client-1' },
    ]);
    await ask({ managedIdentity: {} });
    expect(asked).toHaveLength(2);
    expect(asked[1]?.url).not.toContain('client_id');
  });

  it('trades the token of the service account, read anew, when its own is about to end', async () => {
    answer.body = { access_token: 'short-abcdef', expires_in: 200 };
    const auth = { workloadIdentity: { clientId: 'client-1', tenantId: 'tenant-1' } };
    expect((await ask(auth))?.authorization).toBe('Bearer short-abcdef');
    await writeFile(join(folder, 'token'), 'federated-2');
    await ask(auth);
    expect(asked.map(({ form }) => form.client_assertion)).toEqual(['federated-1', 'federated-2']);
    expect(asked[0]?.url).toBe('/tenant-1/oauth2/v2.0/token');
    expect(asked[0]?.form).toMatchObject({
      client_id: 'client-1',
      grant_type: 'client_credentials',
      scope: 'https://cognitiveservices.azure.com/.default',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
  });

  it('says who refused the token, and asks again the next time', async () => {
    answer = { status: 400, body: { error: 'invalid_request', error_description: 'Identity not found' } };
    await expect(ask({ managedIdentity: {} })).rejects.toMatchObject({
      family: 'Denied',
      message: "model 'n/m' (azure, echo): the managed identity service answered 400: Identity not found",
    });
    answer = { status: 200, body: { access_token: 'token-abcdef', expires_in: 3600 } };
    await expect(ask({ managedIdentity: {} })).resolves.toMatchObject({ authorization: 'Bearer token-abcdef' });
  });

  it('needs the mounted token for a workload identity', async () => {
    process.env.AZURE_FEDERATED_TOKEN_FILE = join(folder, 'absent');
    const auth = { workloadIdentity: { clientId: 'c', tenantId: 't' } };
    await expect(ask(auth)).rejects.toThrow(/token of this pod's service account, and it cannot be read: .*ENOENT/);
  });

  it('needs exactly one way to sign in', async () => {
    await expect(ask({ apiKey: 'k', managedIdentity: {} })).rejects.toThrow(/exactly one of apiKey, managedIdentity/);
    await expect(ask({})).rejects.toThrow(/exactly one/);
    await expect(ask(undefined)).rejects.toThrow(/config.azure of model 'n\/m': write auth.apiKey/);
  });
});
