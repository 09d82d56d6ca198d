import { describe, expect, it } from '@jest/globals';
import { bedrockAccess } from './bedrock-access.js';

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const access = (settings: object, env: NodeJS.ProcessEnv = {}) => bedrockAccess(settings, "model 'n/m'", env);

describe('the way into Bedrock', () => {
  it('is the bearer key before both keys before the identity of the process', () => {
    const region = 'eu-west-1';
    expect(access({ region, apiKey: 'bearer', ...KEYS })).toEqual({ region, apiKey: 'bearer' });
    expect(access({ region, ...KEYS })).toEqual({ region, apiKey: '', ...KEYS });
    expect(access({ region })).toEqual({ region });
  });

  it('leads to the region of the environment when the Model names none', () => {
    expect(access(KEYS, { AWS_DEFAULT_REGION: 'us-east-1' })).toMatchObject({ region: 'us-east-1' });
    expect(() => access(KEYS)).toThrow("model 'n/m': write region, or set AWS_REGION for the runtime");
  });

  it('is refused with half a pair of keys', () => {
    expect(() => access({ region: 'x', accessKeyId: 'a' })).toThrow(/both accessKeyId and secretAccessKey, or neither/);
  });
});
