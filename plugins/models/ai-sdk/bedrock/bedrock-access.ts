import type { AmazonBedrockProviderSettings } from '@ai-sdk/amazon-bedrock';
import { invalid } from 'nest-ark';
import { readBaseUrl } from '../base-url.js';
import type { BedrockSettings } from './bedrock-settings.js';

type Access = Pick<
  AmazonBedrockProviderSettings,
  'region' | 'baseURL' | 'apiKey' | 'accessKeyId' | 'secretAccessKey' | 'sessionToken'
>;

/**
 * Where to call, and who calls by the Model: the bearer key, else both IAM keys, else nobody, which leaves it to the
 * identity of this process.
 *
 * @throws Invalid when there is half a pair of keys, or nobody names the region
 */
export function bedrockAccess(settings: BedrockSettings, at: string, env: NodeJS.ProcessEnv): Access {
  const { apiKey, accessKeyId, secretAccessKey, sessionToken } = settings;
  const region = settings.region || env.AWS_REGION || env.AWS_DEFAULT_REGION;
  if (!region) throw invalid(`${at}: write region, or set AWS_REGION for the runtime`);
  const place = { region, ...(settings.baseUrl ? { baseURL: readBaseUrl(settings.baseUrl, at) } : {}) };
  if (apiKey) return { ...place, apiKey };
  if (!accessKeyId && !secretAccessKey) return place;
  if (!accessKeyId || !secretAccessKey) throw invalid(`${at}: write both accessKeyId and secretAccessKey, or neither`);
  // An empty bearer key keeps the SDK from preferring one of the environment to the keys of the Model.
  return { ...place, apiKey: '', accessKeyId, secretAccessKey, sessionToken };
}
