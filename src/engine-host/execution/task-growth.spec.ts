import { expect, it } from '@jest/globals';
import { answerArtifact, workingTask } from '../a2a-parts.js';
import { growthOf } from './task-growth.js';

const saying = (...texts: string[]) => ({
  ...workingTask('t', 'c', []),
  artifacts: texts.map((text, i) => ({ ...answerArtifact(text), artifactId: `a${i}` })),
});
const pieces = (before: string[], now: string[]) =>
  growthOf(saying(...before), saying(...now)).map(({ artifact, append }) => {
    const [part] = artifact?.parts ?? [];
    return [artifact?.artifactId, part?.content?.value, append];
  });

it('a task is told on piece by piece, and whole where it says something else', () => {
  expect(pieces([], ['one '])).toEqual([['a0', 'one ', false]]);
  expect(pieces(['one '], ['one two'])).toEqual([['a0', 'two', true]]);
  expect(pieces(['one two'], ['one two'])).toEqual([]);
  expect(pieces(['one two'], ['three', 'four'])).toEqual([
    ['a0', 'three', false],
    ['a1', 'four', false],
  ]);
});
