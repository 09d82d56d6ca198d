import { describe, expect, it } from '@jest/globals';
import { readAnswer } from '../conformance/answer.js';
import { HeardAnswer } from './heard-answer.js';

const ids = { taskId: 't', contextId: 'c' };
const message = (text: string) => ({ kind: 'message', role: 'agent', messageId: 'm', parts: [{ kind: 'text', text }] });
const task = (state: string, text: string) => ({
  ...{ kind: 'task', id: 't', contextId: 'c' },
  status: { state, message: message(text) },
});
const status = (state: string, text: string) => ({
  ...{ kind: 'status-update', ...ids },
  status: { state, message: message(text) },
});
const piece = (text: string) => ({
  ...{ kind: 'artifact-update', ...ids },
  artifact: { artifactId: 'a', parts: [{ kind: 'text', text }] },
});

function hear(...events: object[]) {
  const out: string[] = [];
  const err: string[] = [];
  const heard = new HeardAnswer({ out: (text) => void out.push(text), err: (text) => void err.push(text) });
  for (const event of events) heard.add(readAnswer(event));
  return { out: out.join(''), err: err.join(''), answer: heard.answer() };
}

describe('the events of an answer', () => {
  it('are shown piece by piece, and how far the work is beside them', () => {
    const { out, err, answer } = hear(
      task('working', 'reading'),
      piece('w1 '),
      status('working', 'half way'),
      piece('w2'),
      status('completed', 'over'),
    );
    expect({ out, err }).toEqual({ out: 'w1 w2', err: 'working: reading\nworking: half way\n' });
    expect(answer).toMatchObject({ text: 'w1 w2', state: 'completed', taskId: 't', contextId: 'c' });
  });

  it.each<[string, object[], string]>([
    ['is a message', [message('hello')], 'hello'],
    ['is in the last status', [task('working', 'reading'), status('completed', 'it is noon')], 'it is noon'],
    ['asks something', [task('working', 'reading'), status('input-required', 'Which?')], 'Which?'],
    ['asks something after it said a part', [piece('So far.'), status('input-required', 'Which?')], 'So far.\nWhich?'],
  ])('are an answer that %s', (_what, events, text) => {
    expect(hear(...events)).toMatchObject({ out: text, answer: { text } });
  });

  it('tell why a task failed, apart from what it had said', () => {
    const { out, answer } = hear(piece('half '), status('failed', 'no paper left'));
    expect(out).toBe('half ');
    expect(answer).toMatchObject({ text: 'no paper left', state: 'failed' });
  });

  it('are no answer when there are none', () => {
    expect(() => hear()).toThrow('The stream ended before an answer came.');
  });
});
