import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { embeddedOnly } from '../harness/embedded-only.js';
import { eventually } from '../harness/eventually.js';
import { agent, query, yaml } from '../harness/manifests.js';
import { Runtime, run } from '../harness/runtime.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

// The promise of the house: adding one of anything is adding one file. Plain JavaScript, outside the tree, no package.json.
const SHOUT = `
import { ExecutionEngine, text } from 'nest-ark';
export class Shout {
  async *execute(request) { yield text(request.userInput.content.toUpperCase()); }
}
ExecutionEngine({ name: 'shout', description: 'Says it louder' })(Shout);
`;
const CONSTANT = `
import { ProvidesModels } from 'nest-ark';
export class Constant {
  open(config) {
    return { config, async *complete() { yield { type: 'text', text: String(config.settings.answer) }; } };
  }
}
ProvidesModels({ name: 'constant', description: 'Always the same answer' })(Constant);
`;
const COIN = `
import { ProvidesTools } from 'nest-ark';
export class Coin {
  async call(tool, args) { return { text: tool.settings.sides[args.side] }; }
}
ProvidesTools({ name: 'coin', description: 'Has sides' })(Coin);
`;
const BACKWARDS = `
import { TeamStrategy } from 'nest-ark';
export class Backwards {
  next({ team, spoken }) {
    const next = team.members[team.members.length - 1 - spoken.length];
    return next ? { speak: [next] } : { end: true };
  }
}
TeamStrategy({ name: 'backwards', description: 'The last shall be first' })(Backwards);
`;
const STAMP = `
import { Next, Reconciler, Resource } from 'nest-ark';
class ConfigMap {}
Resource({ group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', builtIn: true })(ConfigMap);
export class Stamp {
  async reconcile(resource, context) {
    if (resource.metadata.labels?.stamp) {
      context.event(resource, { type: 'Normal', reason: 'Stamped', message: 'seen by a plugin' });
    }
    return Next.onChange();
  }
}
Reconciler({ name: 'configmap-stamp', kind: ConfigMap })(Stamp);
`;

describeWithKubectl('one file added to a plugin folder', () => {
  let folder: string;
  let runtime: Runtime;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ark-plugins-'));
    await writeFile(join(folder, 'shout.engine.js'), SHOUT);
    await writeFile(join(folder, 'constant.model-provider.js'), CONSTANT);
    await writeFile(join(folder, 'coin.tool.js'), COIN);
    await writeFile(join(folder, 'backwards.strategy.js'), BACKWARDS);
    await writeFile(join(folder, 'configmap-stamp.reconciler.js'), STAMP);
    runtime = await Runtime.start({ args: ['--plugins', folder] });
  });
  afterAll(async () => {
    await runtime?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const team = (strategy: string) => ({
    apiVersion: 'ark.mckinsey.com/v1alpha1',
    kind: 'Team',
    metadata: { name: 'queue', namespace: 'default' },
    spec: { strategy, members: ['shouter', 'parrot'].map((name) => ({ type: 'agent', name })) },
  });

  async function answerOf(name: string): Promise<string> {
    await runtime.kubectlOk(['wait', `query/${name}`, '--for=condition=Completed', '--timeout=60s']);
    return runtime.kubectlOk(['get', 'query', name, '-o', 'jsonpath={.status.response.content}']);
  }

  it('is an engine that agents can name, published like a built-in', async () => {
    await runtime.kubectlOk(['wait', 'executionengine/shout', '--for=jsonpath={.status.phase}=ready', '--timeout=60s']);
    await runtime.kubectlOk(
      ['apply', '-f', '-'],
      yaml(
        agent('loud', { executionEngine: { name: 'shout' } }),
        query('loud', { input: 'psst', target: { type: 'agent', name: 'loud' } }),
      ),
    );
    expect(await answerOf('loud')).toBe('PSST');
  });

  it('is a model provider that Models can name', async () => {
    const model = {
      apiVersion: 'ark.mckinsey.com/v1alpha1',
      kind: 'Model',
      metadata: { name: 'forty-two', namespace: 'default' },
      spec: { provider: 'constant', model: { value: 'm' }, config: { constant: { answer: '42' } } },
    };
    await runtime.kubectlOk(['apply', '-f', '-'], yaml(model));
    await runtime.kubectlOk(['wait', 'model/forty-two', '--for=condition=ModelAvailable', '--timeout=60s']);
    await runtime.kubectlOk(
      ['apply', '-f', '-'],
      yaml(query('deep', { input: 'The answer?', target: { type: 'model', name: 'forty-two' } })),
    );
    expect(await answerOf('deep')).toBe('42');
  });

  it('is a type of tool that Tools can have', async () => {
    const tool = {
      apiVersion: 'ark.mckinsey.com/v1alpha1',
      kind: 'Tool',
      metadata: { name: 'penny', namespace: 'default' },
      spec: { type: 'coin', options: { sides: ['a queen', 'a harp'] } },
    };
    const flip = query('flip', { input: '{"side": 1}', target: { type: 'tool', name: 'penny' } });
    await runtime.kubectlOk(['apply', '-f', '-'], yaml(tool, flip));
    expect(await answerOf('flip')).toBe('a harp');
  });

  it('is a strategy that Teams can name', async () => {
    const members = [
      agent('shouter', { executionEngine: { name: 'shout' } }),
      agent('parrot', { executionEngine: { name: 'echo' } }),
    ];
    const asked = query('queue', { input: 'psst', target: { type: 'team', name: 'queue' } });
    await runtime.kubectlOk(['apply', '-f', '-'], yaml(...members, team('backwards'), asked));
    expect(await answerOf('queue')).toBe('PSST');
  });

  embeddedOnly('refusals that look at more than schema and rules').it(
    'is named where a Team names none that is there',
    async () => {
      const refused = await runtime.kubectl(['apply', '-f', '-'], yaml(team('sideways')));
      expect(refused.stderr).toMatch(/unknown strategy "sideways"; known strategies: .*backwards/);
    },
  );

  it('is a reconciler of a kind', async () => {
    await runtime.kubectlOk(['create', 'configmap', 'parcel']);
    await runtime.kubectlOk(['label', 'configmap', 'parcel', 'stamp=please']);
    await eventually(async () => {
      expect(await runtime.kubectlOk(['describe', 'configmap', 'parcel'])).toMatch(/Normal\s+Stamped/);
    });
  });

  it('stops the start when two files claim one name, naming both', async () => {
    const other = await mkdtemp(join(tmpdir(), 'ark-plugins-'));
    await writeFile(join(other, 'shout.engine.js'), SHOUT);
    const flags = ['--data-dir', join(other, 'data'), '--port', '0', '--api-server-port', '0'];
    const result = await run(process.execPath, ['bin/ark.js', 'start', ...flags, '--plugins', folder, other]);
    await rm(other, { recursive: true, force: true });
    expect(result.code).not.toBe(0);
    const said = result.stdout + result.stderr;
    expect(said).toContain(join(folder, 'shout.engine.js'));
    expect(said).toContain(join(other, 'shout.engine.js'));
  });
});
