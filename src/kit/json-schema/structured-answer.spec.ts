import { describe, expect, it } from '@jest/globals';
import { StructuredAnswer } from './structured-answer.js';

const SCHEMA = { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] };
const structured = new StructuredAnswer({ name: 'a', namespace: 'n' }, SCHEMA);

describe('an answer that has to fit a schema', () => {
  it.each([
    ['bare', '{"word":"ark"}'],
    ['in a fence', '```json\n{"word":"ark"}\n```\n'],
    ['in a fence among words', 'Here it is:\n```\n{"word":"ark"}\n```\nAnything else?'],
  ])('is found %s', async (_where, words) => {
    expect(await structured.judge(words)).toEqual({ answer: '{"word":"ark"}', problems: [] });
  });

  it('is refused when it is no JSON, breaks off, or lacks something', async () => {
    expect((await structured.judge('ark')).problems[0]).toMatch(/^it is not JSON/);
    expect((await structured.judge('{"word":"a')).problems[0]).toMatch(/^it is not JSON/);
    expect((await structured.judge('{}')).problems[0]).toMatch(/word/);
  });

  it('names the agent when it is given up', () => {
    expect(structured.misfit(['it is empty'])).toMatchObject({
      family: 'Invalid',
      reason: 'OutputSchema',
      message: "the answer of agent 'n/a' does not fit spec.outputSchema: it is empty",
    });
    expect(new StructuredAnswer({ name: 'x'.repeat(80), namespace: 'n' }, {}).format.name).toHaveLength(64);
  });
});
