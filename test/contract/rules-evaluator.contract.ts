import { describe, expect, it } from '@jest/globals';
import type { EvaluatedRun, EvaluationRule } from 'nest-ark';
import { evaluationContext, evaluationRequest, evaluatorSuite } from 'nest-ark/testing';
import { ruleText } from '../../plugins/evaluators/rules/rule-text.js';
import { RulesEvaluator } from '../../plugins/evaluators/rules/rules.evaluator.js';

const rule = (expression: string, weight?: number): EvaluationRule => ({
  name: 'r',
  expression,
  ...(weight === undefined ? {} : { weight }),
});
const call = (id: string, name: string, args: string) => ({
  id,
  type: 'function' as const,
  function: { name, arguments: args },
});
const RUN: EvaluatedRun = {
  name: 'q1',
  namespace: 'team-a',
  phase: 'done',
  seconds: 1.5,
  tokens: 42,
  target: { type: 'agent', name: 'planner' },
  messages: [
    { role: 'assistant', content: '', tool_calls: [call('1', 'search', '{"city":"Oslo","days":3}')] },
    { role: 'tool', content: 'cold', tool_call_id: '1' },
    { role: 'assistant', content: '', tool_calls: [call('2', 'book', 'no json')] },
    { role: 'tool', content: 'ok', tool_call_id: '2' },
    // Some models number their calls anew in every turn.
    { role: 'assistant', content: '', tool_calls: [call('1', 'book', '{"seats":2}')] },
    { role: 'tool', content: 'tool ‘book’ failed: no seat', tool_call_id: '1', is_error: true },
    { role: 'assistant', content: 'Oslo it is.' },
  ],
};
const judge = (rules: EvaluationRule[], more: Parameters<typeof evaluationRequest>[0] = {}) => {
  const exchange = { input: 'Where to?', output: 'Oslo it is.' };
  return new RulesEvaluator().evaluate(evaluationRequest({ exchange, run: RUN, rules, ...more }), evaluationContext());
};
const BOMB = `[1,2,3,4,5,6,7,8,9].all(a, ${'[1,2,3,4,5,6,7,8,9].all(b, '.repeat(12)}true${')'.repeat(13)}`;

evaluatorSuite('rules', () => ({
  evaluator: new RulesEvaluator(),
  good: { request: { rules: [rule("output == '4'"), rule('size(output) < 10')] } },
  bad: { request: { rules: [rule("output.contains('5')")] } },
  slow: { request: { rules: [rule(BOMB)] } },
  failure: { request: { rules: [rule('process.exit(1)')] }, message: /rule "r", process.exit\(1\): Unknown variable/ },
}));

describe('rules', () => {
  it.each([
    "output.contains('Oslo') && !output.contains('Bergen')",
    "tools.was_called('search') and not tools.was_called('delete')",
    "tools.was_called('search', scope='query')",
    "tools.was_called('book', 'session')",
    "tools.get_call_count() == 3 && tools.get_call_count(scope='query') == 3",
    "tools.get_call_count('search') >= 1 and tools.get_call_count('book', scope='session') == 2",
    "tools.had_error('book') and not tools.had_error('search') and tools.had_error()",
    "not tools.had_error('delete')",
    "tools.get_success_rate('book') == 0.5 && tools.get_success_rate('search', scope='all') == 1.0",
    'tools.get_success_rate() > 0.6 and tools.get_success_rate() < 0.7',
    "tools.get_success_rate('delete') == 0.0",
    "tools.get_execution_metrics('book').call_count == 2",
    "tools.get_execution_metrics('book').error_count == 1",
    "tools.get_execution_metrics('book').success_count == 1",
    "tools.get_execution_metrics('search').success_rate == 1.0",
    "tools.get_execution_metrics('delete').call_count == 0",
    "tools.get_parameters('search').days < 5.0",
    "tools.get_result('book').contains('no seat')",
    "tools.get_result('search') == 'cold'",
    "tools.parameter_contains('search', 'city', 'Osl')",
    "tools.parameter_type('search', 'days', 'integer')",
    "sequence.was_completed(['search', 'book']) and not sequence.was_completed(['book', 'search'])",
    "agents.was_executed('planner') && agents.get_execution_count('planner') == 4",
    "agents.get_success_rate('planner') == 1.0 && agents.get_success_rate() == 1.0",
    "agents.get_success_rate('stranger') == 0.0",
    "not teams.was_executed('crew') and teams.get_success_rate('crew') == 0.0",
    'llm.get_call_count() <= 4 and llm.get_success_rate() == 1.0',
    'query.was_resolved() == True',
    "query.get_resolution_status() == 'done'",
    'query.get_execution_time() < 10 && query.seconds > 1',
    'query.tokens < 50',
    'expected == None',
  ])('can say: %s', async (expression) => {
    expect((await judge([rule(expression)])).score).toBe(1);
  });

  it.each([
    "agents.was_executed('planner') and agents.get_success_rate('planner') == 0.0",
    'llm.get_call_count() == 0 and llm.get_success_rate() == 0.0',
    'not query.was_resolved() and tools.get_call_count() == 0 and not tools.had_error()',
  ])('know a Query that failed: %s', async (expression) => {
    const run = { ...RUN, phase: 'error', messages: [] };
    expect((await judge([rule(expression)], { run })).score).toBe(1);
  });

  it.each([
    ['done', "tools.get_parameters('search').city == 'Oslo' and tools.get_success_rate('search') == 1.0"],
    ['error', "tools.get_call_count('search') == 1 and tools.had_error('search')"],
  ])('know the call of a Query that asked a tool itself and is %s', async (phase, expression) => {
    const run = { ...RUN, phase, target: { type: 'tool', name: 'search' }, messages: [] };
    const exchange = { input: '{"city":"Oslo"}', output: 'cold' };
    expect((await judge([rule(expression)], { run, exchange })).score).toBe(1);
  });

  it('score by their weights, and say which of them held', async () => {
    const { score, metadata } = await judge([rule('true', 3), rule('false', 1)]);
    expect(score).toBe(0.75);
    expect(metadata).toMatchObject({
      total_rules: '2',
      passed_rules: '1',
      rule_0_r_passed: 'true',
      rule_1_r_passed: 'false',
    });
  });

  it('that fail on what happened do not hold, and say why', async () => {
    const { score, metadata } = await judge([rule("tools.get_parameters('delete').city == 'x'")]);
    expect(score).toBe(0);
    expect(metadata?.rule_0_r_error).toMatch(/city/);
  });

  it.each([
    ['output +', /rule "r", output \+: /],
    ['size(output)', /it gives int, and a rule is either true or false/],
    ['tools.constructor', /tools.constructor/],
    ['nope.was_called("x")', /Unknown variable: nope/],
    ['true'.padEnd(9_000, '||true'), /rule "r"/],
  ])('that are no rules are refused by name: %s', async (expression, message) => {
    await expect(judge([rule('true'), rule(expression)])).rejects.toMatchObject({
      family: 'Invalid',
      message: expect.stringMatching(message),
    });
  });

  it('cannot run for ever, nor stop others meanwhile', async () => {
    let ticks = 0;
    const clock = setInterval(() => (ticks += 1), 20);
    await expect(judge([rule(BOMB)])).rejects.toThrow(/takes longer than 3 seconds/);
    clearInterval(clock);
    expect(ticks).toBeGreaterThan(50);
  });

  it('cannot take the memory of the process', async () => {
    const twenty = `[${Array.from({ length: 20 }, (_, i) => i).join(',')}]`;
    const list = `${`${twenty}.map(x, `.repeat(7)}"${'x'.repeat(50)}"${')'.repeat(7)}.size() > 0`;
    await expect(judge([rule(list)])).rejects.toMatchObject({ family: 'Invalid' });
  });

  it('may come in a parameter', async () => {
    const parameters = { rules: '[{"name": "short", "expression": "size(output) < 20"}]' };
    expect((await judge([], { parameters })).metadata).toMatchObject({ rule_0_short_passed: 'true' });
    await expect(judge([], { parameters: { rules: '{}' } })).rejects.toThrow(/parameter rules: write a list/);
    await expect(judge([], { parameters: { rules: '[' } })).rejects.toThrow(/parameter rules is not JSON/);
    await expect(judge([])).rejects.toThrow(/there are no rules/);
    await expect(judge([rule('true', 0)])).rejects.toThrow(/add up to 0/);
  });

  it('refuse a scope that nobody knows', async () => {
    await expect(judge([rule("tools.was_called('search', scope='galaxy')")])).rejects.toThrow(
      /rule "r", tools.was_called\('search', scope='galaxy'\)/,
    );
  });

  it('in quotes keep Python’s words', () => {
    expect(ruleText(`output == 'this and that' or x == "not"`)).toBe(`output == 'this and that' || x == "not"`);
    expect(ruleText("a == 'b' and not c")).toBe("a == 'b' && ! c");
  });
});
