import { beforeEach, describe, expect, it } from '@jest/globals';
import type { InstalledToolType, ToolTypes } from '../../kit/index.js';
import { Tool } from '../../resources/tool/tool.resource.js';
import { FakeContext } from '../fake-context.js';
import { ToolReadinessReconciler } from './tool-readiness.reconciler.js';

const KEY = { namespace: 'n', name: 't' };

describe('a tool', () => {
  let context: FakeContext;
  const types: ToolTypes = {
    get: (name) => (name === 'http' ? ({} as InstalledToolType) : undefined),
    names: () => ['http'],
  };
  const look = async (type: string) => {
    context.put<Tool>({ apiVersion: 'ark.mckinsey.com/v1alpha1', kind: 'Tool', metadata: KEY, spec: { type } });
    await new ToolReadinessReconciler(types).reconcile(context.get(Tool, KEY)!, context);
    return context.get(Tool, KEY)?.status;
  };
  beforeEach(() => {
    context = new FakeContext();
  });

  it('whose type is installed is ready', async () => {
    expect(await look('http')).toEqual({ state: 'Ready', message: 'Tool configuration is valid' });
    expect(context.events).toEqual([]);
  });

  it('of a type nobody installed says what there is', async () => {
    expect(await look('shell')).toMatchObject({
      state: 'Error',
      message: "no tool type 'shell' is installed; installed: http",
    });
    expect(context.events).toMatchObject([{ reason: 'ToolTypeNotInstalled' }]);
  });
});
