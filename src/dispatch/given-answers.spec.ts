import { describe, expect, it } from '@jest/globals';
import type { ApiServer } from '../kube/api-server/api-server.js';
import { StatusError } from '../kube/api-server/status.js';
import type { A2ATask } from '../resources/a2a-task/a2a-task.resource.js';
import { takeAnswer } from './given-answers.js';

const task = (resourceVersion: string, input: string, phase = 'input-required') =>
  ({
    metadata: { name: 't', namespace: 'n', resourceVersion },
    spec: { input },
    status: { phase },
  }) as unknown as A2ATask;

/** A server that holds one task, and refuses changes of an older one. */
function holding(stored: A2ATask) {
  const server = {
    get: async () => stored,
    patch: async (_type: unknown, _key: unknown, { body }: { body: { metadata?: { resourceVersion?: string } } }) => {
      const expected = body.metadata?.resourceVersion ?? stored.metadata.resourceVersion;
      if (expected !== stored.metadata.resourceVersion) throw new StatusError('Conflict', 'it has changed');
      return task('9', '');
    },
  };
  return server as unknown as Pick<ApiServer, 'get' | 'patch'>;
}

describe('an answer that is taken', () => {
  it('is the one that stands there, also when it was written in the same moment', async () => {
    const { reply } = (await takeAnswer(holding(task('2', 'Bergen')), task('1', 'Oslo'))) ?? {};
    expect(reply).toMatchObject({ text: 'Bergen', id: '2' });
  });

  it('is none where nobody answered, or nothing is asked any more', async () => {
    expect(await takeAnswer(holding(task('1', ' ')), task('1', ' '))).toBeUndefined();
    expect(await takeAnswer(holding(task('2', 'Oslo', 'completed')), task('1', 'Oslo'))).toBeUndefined();
  });
});
