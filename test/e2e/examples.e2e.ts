import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { freePort } from '../harness/free-port.js';
import { Runtime } from '../harness/runtime.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

describeWithKubectl('the examples', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await Runtime.start();
  });
  afterAll(() => runtime?.dispose());

  async function answerOf(name: string): Promise<string> {
    await runtime.kubectlOk(['wait', `query/${name}`, '--for=condition=Completed', '--timeout=60s']);
    return runtime.kubectlOk(['get', 'query', name, '-o', 'jsonpath={.status.response.content}']);
  }

  it('of the quickstart work when they are applied in one go', async () => {
    await runtime.kubectlOk(['apply', '-f', 'examples/quickstart']);
    expect(await answerOf('how-is-the-weather')).toBe('It is sunny, 24 degrees, with a light breeze from the sea.');
    expect(await answerOf('polly')).toBe('You said: Polly wants a cracker');
    expect(
      await runtime.kubectlOk(['get', 'query', 'how-is-the-weather', '-o', 'jsonpath={.status.tokenUsage}']),
    ).toMatch(/"totalTokens":\d+/);
  });

  it('of tools ask, pin and answer', async () => {
    await runtime.kubectlOk(['apply', '-f', 'examples/tools']);
    expect(await answerOf('dinner')).toBe('Tonight the chef grills sardines.');
    expect(await answerOf('dinner-for-sure')).toBe('All I can find out is that there are sardines.');
    expect(await answerOf('straight-from-the-chef')).toBe('Grilled sardines with lemon.');
  });

  it('of evaluate judge a pair, a Query, examples and a batch', async () => {
    await runtime.kubectlOk(['apply', '-f', 'examples/evaluate']);
    const scores = {
      'judge-norway-eval': '0.95',
      'written-pair': '0.2',
      'how-it-came': '1',
      golden: '0.575',
      together: '0.575',
    };
    for (const [name, score] of Object.entries(scores)) {
      await eventually(async () => {
        const path = 'jsonpath={.status.phase} {.status.score}';
        expect(await runtime.kubectlOk(['get', 'evaluation', name, '-o', path])).toBe(`done ${score}`);
      });
    }
  });

  it('of teams speak in turn, at once, and as somebody chooses', async () => {
    await runtime.kubectlOk(['apply', '-f', 'examples/teams']);
    expect(await answerOf('ask-desk')).toBe('In the hive, a dance is a map.');
    expect(await answerOf('ask-panel')).toMatch(/^# researcher\n\nBees dance[\s\S]*\n\n# writer\n\nIn the hive/);
    expect(await answerOf('ask-office')).toBe('In the hive, a dance is a map.');
  });

  it('of ways to say where an engine is become addresses', async () => {
    await runtime.kubectlOk(['apply', '-f', 'examples/standalone-engine/addresses']);
    for (const [way, address] of Object.entries({
      'by-config-map': 'http://127.0.0.1:8000',
      'by-secret': 'http://127.0.0.1:8000',
      'by-service': 'http://greeter.default.svc.cluster.local:8000',
    })) {
      const resolved = `--for=jsonpath={.status.lastResolvedAddress}=${address}`;
      await runtime.kubectlOk(['wait', `executionengine/greeter-${way}`, resolved, '--timeout=60s']);
    }
  });

  describe('of an engine as a process of its own', () => {
    let engine: ChildProcess;
    let port: number;
    beforeAll(async () => {
      port = await freePort();
      engine = spawn(process.execPath, ['dist/examples/standalone-engine/main.js'], {
        env: { ...process.env, KUBECONFIG: runtime.kubeconfig, PORT: String(port) },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      const health = () => fetch(`http://127.0.0.1:${port}/health`);
      await eventually(async () =>
        expect(await (await health()).json()).toEqual({ status: 'healthy', engine: 'greeter' }),
      );
    });
    afterAll(async () => {
      const ended = once(engine, 'exit');
      engine.kill('SIGTERM');
      await ended;
    });

    it('answers as its README says, and remembers the conversation', async () => {
      const folder = 'examples/standalone-engine/manifests';
      const text = await readFile(`${folder}/10-engine.yaml`, 'utf8');
      await runtime.kubectlOk(['apply', '-f', '-'], text.replace(':8000', `:${port}`));
      await runtime.kubectlOk(['apply', '-f', `${folder}/20-agent.yaml`, '-f', `${folder}/30-query.yaml`]);
      expect(await answerOf('good-morning')).toBe('I am butler. My instructions: Be friendly. You said: Good morning!');
      const path = ['get', 'query', 'good-morning', '-o', 'jsonpath={.status.conversationId}'];
      const conversationId = await runtime.kubectlOk(path);
      const query = await readFile(`${folder}/30-query.yaml`, 'utf8');
      const next = query
        .replace('name: good-morning', 'name: again')
        .replace('spec:', `spec:\n  conversationId: ${conversationId}`);
      await runtime.kubectlOk(['apply', '-f', '-'], next);
      expect(await answerOf('again')).toContain('This is message 3 of our conversation.');
    });
  });
});
