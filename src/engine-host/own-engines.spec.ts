import { describe, expect, it } from '@jest/globals';
import { agent, executionEngine } from '../../test/harness/manifests.js';
import { MemoryObjects } from '../../test/harness/memory-objects.js';
import type { InstalledEngine } from '../kit/index.js';
import type { Agent } from '../resources/agent/agent.resource.js';
import { OwnEngines } from './own-engines.js';

const installed = (name: string) => ({ options: { name, description: '' } }) as InstalledEngine;
const NAMES = ['completions', 'echo'];
const engines = {
  get: (name: string) => (NAMES.includes(name) ? installed(name) : undefined),
  names: () => NAMES,
};
const at = (address: string) => ({
  ...executionEngine('echo', { value: address }),
  status: { lastResolvedAddress: address },
});

async function chosen(name?: string, ...objects: Parameters<MemoryObjects['put']>): Promise<string> {
  const own = new OwnEngines(engines, new MemoryObjects().put(...objects), { baseUrl: () => 'http://me' });
  const asked = agent('a', name === undefined ? {} : { executionEngine: { name } }) as unknown as Agent;
  return (await own.forAgent(asked)).options.name;
}

describe('the engine for an agent that another one asks', () => {
  it('is the one it names, else completions', async () => {
    expect(await chosen()).toBe('completions');
    expect(await chosen('echo')).toBe('echo');
    expect(await chosen('echo', at('http://me/engines/echo'))).toBe('echo');
  });

  it('is none outside this process', async () => {
    await expect(chosen('echo', at('http://elsewhere/'))).rejects.toThrow(/runs on engine 'echo' outside this process/);
    await expect(chosen('a2a')).rejects.toMatchObject({ family: 'Invalid' });
  });

  it('must be installed', async () => {
    await expect(chosen('gone')).rejects.toThrow("no engine 'gone' is installed; installed: completions, echo");
  });
});
