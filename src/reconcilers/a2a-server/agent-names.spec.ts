import { describe, expect, it } from '@jest/globals';
import { nameCandidates, objectName } from './agent-names.js';

describe('the name of an agent object', () => {
  it.each([
    ['Echo Agent', 'echo-agent'],
    ['aws_operator_agent', 'aws-operator-agent'],
    ['agent-v1.2', 'agent-v1.2'],
    ['Météo / Paris!', 'meteo-paris'],
    ['.hidden.', 'hidden'],
    ['a'.repeat(253), 'a'.repeat(253)],
  ])('for a card named %j is %s', (card, name) => {
    expect(objectName(card)).toBe(name);
  });

  it.each(['天気', '!!!', '🤖'])('exists also for %j, which has no letter for it', (card) => {
    expect(objectName(card)).toMatch(/^agent-[0-9a-f]{8}$/);
  });

  it('stays a label when a card has an endless name, and differs where the cards differ', () => {
    const [one, other] = [objectName(`${'x '.repeat(200)}1`), objectName(`${'x '.repeat(200)}2`)];
    expect(one).not.toBe(other);
    expect(one.length).toBeLessThanOrEqual(63);
  });

  const unique = expect.stringMatching(/^mock-echo-agent-[0-9a-f]{8}$/);

  it.each([
    ['the one on the card alone, without a prefix', 'never', ['echo-agent']],
    [
      'the one on the card, then with the server in front, then one that nobody else can want',
      'onConflict',
      ['echo-agent', 'mock-echo-agent', unique],
    ],
    ['with the server in front, then one that nobody else can want', 'always', ['mock-echo-agent', unique]],
  ] as const)('is %s', (_which, prefix, names) => {
    expect(nameCandidates('mock', 'Echo Agent', prefix)).toEqual(names);
  });
});
