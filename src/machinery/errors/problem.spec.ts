import { describe, expect, it } from '@jest/globals';
import { NotFoundException } from '@nestjs/common';
import { denied, invalid, unavailable } from '../../kit/index.js';
import { problemOf } from './problem.js';

describe('a problem body', () => {
  it('carries status, sentence, reason and public facts of an error', () => {
    const error = invalid('Agent a has no prompt.', { reason: 'PromptMissing', details: { field: 'spec.prompt' } });
    expect(problemOf(error, '/x')).toEqual({
      type: 'about:blank',
      title: 'Not valid',
      status: 422,
      detail: 'Agent a has no prompt.',
      reason: 'PromptMissing',
      field: 'spec.prompt',
      instance: '/x',
    });
    expect(problemOf(denied('no')).status).toBe(403);
    expect(problemOf(unavailable('later')).status).toBe(503);
  });

  it('keeps the status of a route that does not exist', () => {
    const title = 'Not Found';
    const facts = { title, status: 404, detail: 'nothing is served at GET /x', reason: 'NotFound' };
    expect(problemOf(new NotFoundException('Cannot GET /x'))).toMatchObject(facts);
  });

  it('says back neither a query nor the secret part of an API key', () => {
    const problem = problemOf(new NotFoundException('Cannot GET /x?key=hunter22'), '/keys/pk-ark-a.sk-ark-hunter22');
    expect(problem).toMatchObject({ detail: 'nothing is served at GET /x', instance: '/keys/pk-ark-a.sk-ark-…' });
  });

  it('does not let facts overwrite the standard fields', () => {
    expect(problemOf(invalid('x', { details: { status: 200 } })).status).toBe(422);
  });

  it('hides the text of a bug', () => {
    const problem = problemOf(new Error('password=hunter2'));
    expect(problem).toMatchObject({ status: 500, reason: 'InternalError' });
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });
});
