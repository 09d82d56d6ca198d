import { DefaultExecutionEventBus, type RequestContext, ServerCallContext } from '@a2a-js/sdk/server';
import { expect, it } from '@jest/globals';
import { rememberingLogger } from '../../../test/harness/engine-process.js';
import type { InstalledEngine, TokenUsage } from '../../kit/index.js';
import { BugReports } from '../../machinery/observability/bug-reports.js';
import { type EngineCall, withEngineCall } from './engine-call.js';
import { EngineExecutor } from './engine-executor.js';
import type { EngineRunner } from './engine-runner.js';

it('a task tells its caller of the tokens as they are spent, also when it fails', async () => {
  const runner = {
    run: async (_engine: unknown, _request: unknown, call: EngineCall) => {
      call.onUsage?.({ promptTokens: 3, completionTokens: 4, totalTokens: 7 });
      throw new Error('and then it broke');
    },
  } as unknown as EngineRunner;
  const executor = new EngineExecutor({} as InstalledEngine, runner, new BugReports(rememberingLogger()));
  const heard: TokenUsage[] = [];
  const context = withEngineCall(new ServerCallContext({ requestedVersion: '1.0' }), {
    signal: new AbortController().signal,
    onUsage: (usage) => void heard.push(usage),
  });
  const asked = { taskId: 't', contextId: 'c', userMessage: {}, request: {}, context } as unknown as RequestContext;
  await executor.execute(asked, new DefaultExecutionEventBus());
  expect(heard).toEqual([{ promptTokens: 3, completionTokens: 4, totalTokens: 7 }]);
});
