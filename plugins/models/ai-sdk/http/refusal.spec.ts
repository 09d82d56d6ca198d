import { describe, expect, it } from '@jest/globals';
import { providerMessage, refusal } from './refusal.js';

describe('the words of a provider', () => {
  it.each([
    ['{"error":{"message":"No such model","type":"x"}}', 'No such model'],
    ['[{"error":{"message":"Quota exceeded"}}]', 'Quota exceeded'],
    ['{"message":"Too many requests"}', 'Too many requests'],
    ['{"Message":"Not authorized"}', 'Not authorized'],
    ['{"error":"model is required"}', 'model is required'],
    ['{"detail":[{"message":"field required"}]}', 'field required'],
    ['<html>Bad gateway</html>', '<html>Bad gateway</html>'],
    ['', 'no message'],
  ])('are found in %s', (body, words) => {
    expect(providerMessage(body)).toBe(words);
  });

  it('are cut where a status would not hold them', () => {
    expect(providerMessage('z'.repeat(10_000))).toHaveLength(2_001);
  });
});

describe('an answer that is not 2xx', () => {
  it.each([
    [400, 'Invalid'],
    [401, 'Denied'],
    [403, 'Denied'],
    [404, 'NotFound'],
    [422, 'Invalid'],
    [302, 'Invalid'],
    ...[408, 409, 429, 500, 529].map((status): [number, string] => [status, 'Unavailable']),
  ])('of %d is an error of family %s', (status, family) => {
    const error = refusal({ subject: "model 'n/m'", status, body: '{"message":"why"}' });
    expect(error).toMatchObject({ family, details: { status } });
    expect(error.message).toMatch(new RegExp(`^model 'n/m' answered ${status}: why`));
  });
});
