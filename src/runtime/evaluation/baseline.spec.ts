import { describe, expect, it } from '@jest/globals';
import type { Evaluates, EvaluationRequest } from '../../kit/index.js';
import { evaluationContext, evaluationRequest, modelClient } from '../../kit/testing/index.js';
import { judgeBaseline } from './baseline.js';

const context = evaluationContext({
  model: async () =>
    modelClient(async function* ({ messages }) {
      yield { type: 'text', text: `${messages[0]?.content}!` };
      yield { type: 'usage', usage: { promptTokens: 1, completionTokens: 1, totalTokens: 2 } };
    }),
});
const judge = (seen: EvaluationRequest[] = []): Evaluates => ({
  evaluate: async (request) => {
    seen.push(request);
    return { score: request.exchange.output === request.exchange.expected ? 1 : 0.5 };
  },
});
const request = (examples: unknown) =>
  evaluationRequest({ type: 'baseline', parameters: { 'golden-examples': JSON.stringify(examples) } });

describe('a baseline', () => {
  it('has each example answered and judged, and adds up', async () => {
    const seen: EvaluationRequest[] = [];
    const examples = [
      { input: 'a', expectedOutput: 'a!', difficulty: 'easy' },
      { input: 'b', expectedOutput: 'x', expectedMinScore: '0.4', difficulty: 'hard' },
      { input: 'c', expectedOutput: 'x', difficulty: 'hard' },
    ];
    const { score, metadata, tokenUsage } = await judgeBaseline(judge(seen), request(examples), context);
    expect(score).toBeCloseTo(2 / 3);
    expect(seen.map(({ exchange }) => exchange.output)).toEqual(['a!', 'b!', 'c!']);
    expect(tokenUsage?.totalTokens).toBe(6);
    expect(metadata).toEqual({
      total_examples: '3',
      passed_examples: '2',
      failed_examples: '1',
      pass_rate: '0.667',
      average_score: '0.667',
      difficulty_easy_pass_rate: '1.000',
      difficulty_easy_average_score: '1.000',
      difficulty_hard_pass_rate: '0.500',
      difficulty_hard_average_score: '0.500',
    });
  });

  it.each<[unknown, RegExp]>([
    [[], /at least one/],
    [{ input: 'a' }, /at least one/],
    [[{ input: 'a', expectedOutput: 'b' }, { input: 'a' }], /golden-examples\[1\].expectedOutput: write a text/],
    [[null], /\[0\].input/],
    [[{ input: 'a', expectedOutput: 'b', expectedMinScore: 'much' }], /expectedMinScore/],
    [Array.from({ length: 1_001 }, () => ({ input: 'a', expectedOutput: 'b' })), /more than 1000/],
  ])('refuses examples that are none: %j', async (examples, message) => {
    await expect(judgeBaseline(judge(), request(examples), context)).rejects.toThrow(message);
  });

  it('needs its examples', async () => {
    const without = evaluationRequest({ type: 'baseline' });
    await expect(judgeBaseline(judge(), without, context)).rejects.toThrow(/needs the parameter golden-examples/);
  });
});
