import { describe, expect, it } from '@jest/globals';
import { type AdmissionPolicy, DEFAULT_ADMISSION_POLICY } from '../admission-policy.js';
import { judgeBaseUrl } from './base-url-guard.js';

const judge = (url: string, policy: Partial<AdmissionPolicy> = {}) =>
  judgeBaseUrl(url, { ...DEFAULT_ADMISSION_POLICY, ...policy });

describe("a Model's base URL", () => {
  it.each(['https://api.example.com/v1', 'http://llm.ns.svc.cluster.local:8080', 'https://8.8.8.8/v1'])(
    '%s is fine',
    (url) => {
      expect(judge(url, { baseUrlGuard: 'strict' })).toEqual({});
    },
  );

  it.each([
    ['file:///etc/passwd', /file is not supported/],
    ['javascript:alert(1)', /javascript is not supported/],
    ['api.example.com/v1', /no scheme/],
    ['http://', /cannot be read/],
    ['http://127.0.0.1/v1', /loopback/],
    ['http://2130706433/', /loopback/],
    ['https://[::1]/v1', /loopback/],
    ['https://[::ffff:127.0.0.1]/', /loopback/],
    ['https://0.0.0.0/', /loopback/],
    ['http://169.254.169.254/latest', /never allowed/],
    ['https://[fe80::1]/', /never allowed/],
  ])('%s is refused under every policy', (url, reason) => {
    expect(judge(url).refused).toMatch(reason);
  });

  it.each([
    'http://localhost:11434/v1',
    'http://host.docker.internal:1/v1',
    'https://10.1.2.3/v1',
    'https://[fd12::1]/',
  ])('%s is refused by a strict policy and warned about by others', (url) => {
    expect(judge(url, { baseUrlGuard: 'strict' }).refused).toBeDefined();
    expect(judge(url)).toEqual({ warning: expect.any(String) });
  });

  it('may be private or local where the operator says so', () => {
    const policy = { baseUrlGuard: 'strict' as const, allowedPrivateRanges: ['nonsense', '10.1.0.0/16'] };
    expect(judge('https://10.1.2.3/v1', policy)).toEqual({});
    expect(judge('https://10.2.2.3/v1', policy).refused).toMatch(/10\.2\.2\.3/);
    expect(judge('http://127.0.0.1:9000/v1', { allowLoopback: true })).toEqual({});
  });

  it.each([
    ['example.com', 'https://api.example.com', true],
    ['*.example.com', 'https://example.com', true],
    ['api-*.example.com', 'https://api-eu.example.com', true],
    ['EXAMPLE.com', 'https://example.com', true],
    ['example.com', 'https://badexample.com', false],
    ['*a*.com', 'https://aaa.com', false],
  ])('under the allowed domain %s, %s is %s', (domain, url, allowed) => {
    expect(judge(url, { allowedModelDomains: [domain] }).refused === undefined).toBe(allowed);
  });
});
