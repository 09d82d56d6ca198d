import { type ModelClient, type ModelConfig, type ModelProvider, ProvidesModels, readOptions } from 'nest-ark';
import { readBaseUrl } from '../base-url.js';
import { Connections } from '../http/connections.js';
import { CompatibleEndpoint } from '../openai-compatible/compatible-endpoint.js';
import { probe } from '../probe.js';
import { AzureSettings } from './azure-settings.js';
import { deploymentAnswers } from './deployment-probe.js';
import { signIn } from './sign-in.js';
import { TokenCache } from './token-cache.js';

/** Deployments of Azure OpenAI, by key, managed identity or workload identity. */
@ProvidesModels({ name: 'azure', description: 'Deployments of Azure OpenAI' })
export class AzureModelProvider implements ModelProvider {
  private readonly connections = new Connections();
  private readonly tokens = new TokenCache();

  open(config: ModelConfig): ModelClient {
    return this.opened(config).endpoint.client;
  }

  async probe(config: ModelConfig, signal: AbortSignal): Promise<void> {
    const { endpoint, chatUrl } = this.opened(config);
    await probe((limit) => deploymentAnswers(chatUrl, endpoint.wire, limit), endpoint.client, signal);
  }

  onApplicationShutdown(): Promise<void> {
    return this.connections.close();
  }

  private opened(config: ModelConfig): { endpoint: CompatibleEndpoint; chatUrl: string } {
    const at = `config.azure of model '${config.namespace}/${config.name}'`;
    const settings = readOptions(AzureSettings, config.settings, at);
    const baseUrl = deploymentUrl(readBaseUrl(settings.baseUrl, at), config.model);
    const query = { 'api-version': settings.apiVersion };
    const authorize = signIn(settings, at, this.tokens, process.env);
    const endpoint = new CompatibleEndpoint(config, this.connections, { provider: 'azure', baseUrl, query, authorize });
    return { endpoint, chatUrl: `${baseUrl}/chat/completions?${new URLSearchParams(query)}` };
  }
}

/** `{resource}/openai/deployments/{model}`, however much of it the base URL already holds. */
function deploymentUrl(baseUrl: string, model: string): string {
  if (/\/openai\/deployments\/[^/]+$/.test(baseUrl)) return baseUrl;
  const resource = baseUrl.replace(/\/openai(\/deployments)?$/, '');
  return `${resource}/openai/deployments/${encodeURIComponent(model)}`;
}
