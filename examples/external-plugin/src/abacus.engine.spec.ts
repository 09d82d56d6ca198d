import { describe, it } from 'node:test';
import { engineSuite, executionRequest } from 'nest-ark/testing';
import { AbacusEngine, AbacusOptions } from './abacus.engine.js';
import { numbersIn, sum } from './sum.js';

const answer = (text: string) => `${numbersIn(text).join(' + ') || 'nothing'} = ${sum(numbersIn(text)).toFixed(0)}`;

const cases = engineSuite('abacus', () => ({
  engine: new AbacusEngine(),
  answer,
  slow: executionRequest<AbacusOptions>({ text: '1 '.repeat(2_000), options: new AbacusOptions() }) as never,
  badOptions: { decimals: -1 },
}));

describe('the contract of engines, kept by abacus', () => {
  for (const { title, run } of cases) it(title, run);
});
