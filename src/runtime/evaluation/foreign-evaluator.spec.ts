import { describe, expect, it } from '@jest/globals';
import { ForeignEvaluators } from './foreign-evaluator.js';

describe('evaluators elsewhere', () => {
  const ask = async (url: string, loopback: boolean) => {
    const evaluators = new ForeignEvaluators({ loopback, own: ['10.1.2.3'] });
    const body = { type: 'direct', config: {}, parameters: {}, evaluatorName: 'e' };
    const ended = AbortSignal.abort(new Error('sent'));
    const said = await evaluators.judge(new URL(url), body, ended, []).catch((error: Error) => error.message);
    await evaluators.close();
    return said;
  };

  it.each(['http://127.0.0.1:8080/', 'http://[::1]/', 'http://x.localhost/', 'http://10.1.2.3:9090/metrics'])(
    'are not the pod itself: %s',
    async (url) => {
      expect(await ask(url, false)).toMatch(/this machine itself/);
      expect(await ask(url, true)).toBe('sent');
    },
  );

  it('are other pods', async () => {
    expect(await ask('http://10.1.2.4:8080/', false)).toBe('sent');
  });
});
