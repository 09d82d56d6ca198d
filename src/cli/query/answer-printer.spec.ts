import { describe, expect, it } from '@jest/globals';
import type { Terminal } from '../terminal.js';
import { AnswerPrinter } from './answer-printer.js';

function watched(quiet = false) {
  const written = { out: '', err: '' };
  const terminal = {
    out(text: string) {
      written.out += text;
    },
    err(text: string) {
      written.err += text;
    },
    errIsTty: false,
    env: {},
  } as Terminal;
  return { written, printer: new AnswerPrinter(terminal, { quiet }) };
}
const says = (content: string, ark: { agent?: string; team?: string; turn?: number } = {}) => ({
  choices: [{ delta: { content } }],
  ark,
});

describe('an answer on the terminal', () => {
  it('is the text verbatim, with one line break at the end', () => {
    const { written, printer } = watched();
    for (const piece of ['a ', 'b\n', ' c']) printer.chunk(says(piece));
    printer.finish('a b\n c');
    expect(written).toEqual({ out: 'a b\n c\n', err: '' });
  });

  it('gets no second line break', () => {
    const { written, printer } = watched();
    printer.chunk(says('a\n'));
    printer.finish('a\n');
    expect(written.out).toBe('a\n');
  });

  it('is the final text when nothing was streamed, and its rest when the stream broke', () => {
    const whole = watched();
    whole.printer.finish('abc');
    expect(whole.written.out).toBe('abc\n');
    const broken = watched();
    broken.printer.chunk(says('ab'));
    broken.printer.finish('abc');
    expect(broken.written.out).toBe('abc\n');
  });

  it('stays as it was said when the final text is another one', () => {
    const { written, printer } = watched();
    printer.chunk(says('first thoughts'));
    printer.finish('the answer');
    expect(written.out).toBe('first thoughts\n');
  });

  it('names the members of a team on stderr and starts a line for each', () => {
    const { written, printer } = watched();
    printer.chunk(says('yes', { team: 'desk', agent: 'ann' }));
    printer.chunk(says('no', { team: 'desk', agent: 'bob' }));
    printer.finish('yes\nno');
    expect(written).toEqual({ out: 'yes\nno\n', err: '◆ desk/ann\n◆ desk/bob\n' });
  });

  it('starts a line for each turn, also where one member speaks twice in a row', () => {
    const { written, printer } = watched();
    printer.chunk(says('ye', { team: 'desk', agent: 'ann', turn: 1 }));
    printer.chunk(says('s', { team: 'desk', agent: 'ann', turn: 1 }));
    printer.chunk(says('yes', { team: 'desk', agent: 'ann', turn: 2 }));
    printer.finish('yes');
    expect(written).toEqual({ out: 'yes\nyes\n', err: '◆ desk/ann\n◆ desk/ann\n' });
  });

  it('shows each tool call once, and nothing of all this when quiet', () => {
    const call = { choices: [{ delta: { tool_calls: [{ function: { name: 'search' } }, { function: {} }] } }] };
    const loud = watched();
    loud.printer.chunk(call);
    expect(loud.written.err).toBe('⚒ search\n');
    const quiet = watched(true);
    quiet.printer.chunk(call);
    quiet.printer.chunk(says('yes', { team: 'desk', agent: 'ann' }));
    expect(quiet.written).toEqual({ out: 'yes', err: '' });
  });
});
