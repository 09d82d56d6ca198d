import { describe, expect, it } from '@jest/globals';
import { agent, executionEngine } from '../../test/harness/manifests.js';
import { MemoryObjects } from '../../test/harness/memory-objects.js';
import type { InstalledEngine } from '../kit/index.js';
import { EngineChoice } from './engine-choice.js';
import { PUBLISHED_BY, PUBLISHER } from './published-by.js';

const BASE = 'http://127.0.0.1:8080';
const runs = (name: string, namespace?: string) => agent('a', { executionEngine: { name, namespace } });
const at = (name: string, address: string | undefined, namespace = 'default') => ({
  ...executionEngine(name, {}, namespace),
  status:
    address === undefined
      ? { phase: 'error', message: 'secret gone' }
      : { phase: 'ready', lastResolvedAddress: address },
});

function choose(objects: MemoryObjects, target = { type: 'agent' as 'agent' | 'model', name: 'a' }) {
  const installed = ['completions', 'echo'];
  const engines = {
    names: () => installed,
    get: (name: string) => (installed.includes(name) ? ({ options: { name } } as InstalledEngine) : undefined),
  };
  return new EngineChoice(objects, engines, { baseUrl: () => BASE }).choose(target, 'default');
}

const own = (name: string) => ({ name, own: { options: { name } } });

describe('the engine of a target', () => {
  it('is completions for a model, an agent without engine, and an agent that does not exist', async () => {
    expect(await choose(new MemoryObjects(), { type: 'model', name: 'm' })).toEqual(own('completions'));
    expect(await choose(new MemoryObjects().put(agent('a', {})))).toEqual(own('completions'));
    expect(await choose(new MemoryObjects())).toEqual(own('completions'));
  });

  it('is ark-completions where the namespace has one that is ready', async () => {
    const objects = new MemoryObjects().put(agent('a', {}), at('ark-completions', 'http://mine'));
    expect(await choose(objects)).toEqual({ name: 'ark-completions', address: 'http://mine' });
    expect(await choose(objects.put(at('ark-completions', undefined)))).toEqual(own('completions'));
  });

  it('is the installed one when there is no object of the name', async () => {
    expect(await choose(new MemoryObjects().put(runs('echo')))).toEqual(own('echo'));
  });

  it('is the object before the installed one', async () => {
    const objects = new MemoryObjects().put(runs('echo'), at('echo', 'http://elsewhere'));
    expect(await choose(objects)).toEqual({ name: 'echo', address: 'http://elsewhere' });
  });

  it('is called without a network when the object points at this process', async () => {
    const alias = new MemoryObjects().put(runs('alias'), at('alias', `${BASE}/engines/echo/`));
    expect(await choose(alias)).toEqual(own('echo'));
    const published = at('echo', 'http://127.0.0.1:1/engines/echo/');
    const metadata = { ...published.metadata, annotations: { [PUBLISHED_BY]: PUBLISHER } };
    const stale = new MemoryObjects().put(runs('echo'), { ...published, metadata });
    expect(await choose(stale)).toEqual(own('echo'));
  });

  it('is looked up in the namespace that the agent names', async () => {
    const objects = new MemoryObjects().put(runs('py', 'shared'), at('py', 'http://py', 'shared'));
    expect(await choose(objects)).toEqual({ name: 'py', address: 'http://py' });
  });

  it('from a Secret is called whole, though its status shows no more than the host', async () => {
    const url = 'http://py/s/hunter22?key=hunter23';
    const data = { url: Buffer.from(url).toString('base64'), tenant: Buffer.from('blue-7').toString('base64') };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'default' }, data };
    const from = (key: string) => ({ valueFrom: { secretKeyRef: { name: 's', key } } });
    const spec = { address: from('url'), headers: [{ name: 'X-Tenant', value: from('tenant') }] };
    const objects = new MemoryObjects().put(runs('py'), secret, { ...at('py', 'http://py'), spec });
    const sent = { headers: { 'X-Tenant': 'blue-7' }, secrets: [url, 'blue-7'] };
    expect(await choose(objects)).toEqual({ name: 'py', address: url, sent });
  });

  it('is called at its address also before that stands in its status, for it may come in one file with its Query', async () => {
    const fresh = (address: string) => executionEngine('py', { value: address });
    expect(await choose(new MemoryObjects().put(runs('py'), fresh('http://py')))).toEqual({
      name: 'py',
      address: 'http://py',
    });
    const hidden = choose(new MemoryObjects().put(runs('py'), fresh('http://ana:hunter22@py')));
    await expect(hidden).rejects.toThrow(/^ExecutionEngine 'default\/py', spec.address: the address holds a user/);
  });

  it('of an agent found on an A2A server is that server', async () => {
    const found = runs('a2a');
    expect(await choose(new MemoryObjects().put(found))).toMatchObject({ name: 'a2a', hosted: found });
  });

  it.each([
    ['that nobody has', [runs('py')], /'default\/py' does not exist and no engine 'py' is installed; installed: comp/],
    ['without an address', [runs('py'), at('py', undefined)], /'default\/py' has no address: secret gone/],
  ])('is an error for an engine %s', async (_, objects, message) => {
    await expect(choose(new MemoryObjects().put(...objects))).rejects.toThrow(message);
  });
});
