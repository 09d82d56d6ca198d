import { describe, expect, it } from '@jest/globals';
import { bedrockAccess } from './bedrock-access.js';

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const access = (settings: object, env: NodeJS.ProcessEnv = {}) => bedrockAccess(settings, "model 'n/m'", env);

describe('the way into Bedrock', () => {
  it('is the bearer key before both keys before the environment', () => {
    const region = 'eu-west-1';
    expect(access({ region, apiKey: 'bearer', ...KEYS })).toEqual({ region, apiKey: 'bearer' });
    const env = { AWS_BEARER_TOKEN_BEDROCK: 'of the process' };
    expect(access({ region, ...KEYS }, env)).toEqual({ region, apiKey: '', ...KEYS });
    expect(access({ region }, env)).toEqual({ region });
  });

  it('leads to the region of the environment when the Model names none', () => {
    expect(access(KEYS, { AWS_DEFAULT_REGION: 'us-east-1' })).toMatchObject({ region: 'us-east-1' });
    expect(() => access(KEYS)).toThrow("model 'n/m': write region, or set AWS_REGION for the runtime");
  });

  it('is refused without keys, and with half a pair of them', () => {
    expect(() => access({ region: 'x' })).toThrow(/write apiKey, or accessKeyId and secretAccessKey/);
    expect(() => access({ region: 'x', accessKeyId: 'a' })).toThrow(/both accessKeyId and secretAccessKey, or neither/);
  });
});
