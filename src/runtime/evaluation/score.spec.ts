import { describe, expect, it } from '@jest/globals';
import { passMarkOf, readScore, scoreText } from './score.js';

describe('a score', () => {
  it.each([
    [0, '0'],
    [1, '1'],
    [2 / 3, '0.6667'],
    [1e-9, '0'],
    [0.1 + 0.2, '0.3'],
  ])('of %d is kept as %s', (score, text) => expect(scoreText(score, 'x')).toBe(text));

  it.each([-0.1, 1.1, Number.NaN, Number.POSITIVE_INFINITY])('of %d is refused', (score) => {
    expect(() => scoreText(score, "evaluator 'x'")).toThrow(/evaluator 'x' gave the score/);
  });

  it.each([
    ['0.82', '0.82'],
    [85, '0.85'],
    ['100', '1'],
    [1, '1'],
    [undefined, undefined],
    ['', undefined],
  ])('that a service writes as %p is read as %p', (said, read) => expect(readScore(said, 'x')).toBe(read));

  it.each(['good', '101', -1, {}, [0.5, 1], true])('that a service writes as %p is refused', (said) => {
    expect(() => readScore(said, 'x')).toThrow(/a number from 0 to 1 is needed/);
  });
});

describe('the pass mark', () => {
  it.each([
    [{}, 0.7],
    [{ 'min-score': '0.5', threshold: '0.9' }, 0.5],
    [{ threshold: '1' }, 1],
    [{ min_score: '0' }, 0],
  ])('of %p is %d', (parameters, mark) => expect(passMarkOf(parameters as Record<string, string>)).toBe(mark));

  it('is refused by the name of its parameter', () => {
    expect(() => passMarkOf({ threshold: '70' })).toThrow('parameter threshold is "70": write a number from 0 to 1');
  });
});
