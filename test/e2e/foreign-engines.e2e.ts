import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Ark03Engine, type Behaviour } from '../harness/ark-0-3-engine.js';
import { eventually } from '../harness/eventually.js';
import { freePort } from '../harness/free-port.js';
import { agent, executionEngine, query, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

const EXTENSION = 'https://github.com/mckinsey/agents-at-scale-ark/tree/main/ark/api/extensions/query/v1';

describeWithKubectl('engines outside this process', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await Runtime.start();
  });
  afterAll(() => runtime?.dispose());

  const apply = (...objects: Record<string, unknown>[]) => runtime.kubectlOk(['apply', '-f', '-'], yaml(...objects));
  async function ask(name: string, agentName: string, spec: Record<string, unknown> = {}) {
    await apply(query(name, { input: 'Are you there?', target: { type: 'agent', name: agentName }, ...spec }));
    await runtime.kubectlOk(['wait', `query/${name}`, '--for=condition=Completed', '--timeout=60s']);
    return JSON.parse(await runtime.kubectlOk(['get', 'query', name, '-o', 'json'])).status;
  }

  describe('a standalone engine built on the kit', () => {
    let engine: ChildProcess;
    let port: number;

    beforeAll(async () => {
      port = await freePort();
      engine = spawn(process.execPath, ['dist/examples/standalone-engine/main.js'], {
        env: { ...process.env, KUBECONFIG: runtime.kubeconfig, PORT: String(port) },
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      await eventually(async () => expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200));
    });
    afterAll(async () => {
      const ended = once(engine, 'exit');
      engine.kill('SIGTERM');
      expect((await ended)[0]).toBe(0);
    });

    it('is reached by a literal address and resolves the agent through the Kubernetes API', async () => {
      const address = { value: `http://127.0.0.1:${port}` };
      const parameters = [{ name: 'tone', value: 'friendly' }];
      await apply(
        executionEngine('standalone', address),
        agent('remote', { prompt: 'Be {{.tone}}.', parameters, executionEngine: { name: 'standalone' } }),
      );
      const answer = await ask('remote-1', 'remote');
      expect(answer).toMatchObject({ phase: 'done' });
      expect(answer.response.content).toContain('Are you there?');
      expect(answer.response.content).toContain('Be friendly.');
    });

    it('is reached through a ConfigMap, and again after the ConfigMap has changed', async () => {
      const reference = { valueFrom: { configMapKeyRef: { name: 'where', key: 'engine' } } };
      await runtime.kubectlOk(['create', 'configmap', 'where', '--from-literal=engine=http://127.0.0.1:1']);
      await apply(
        executionEngine('by-config', reference),
        agent('by-config', { executionEngine: { name: 'by-config' } }),
      );
      expect((await ask('by-config-1', 'by-config')).phase).toBe('error');
      const patch = JSON.stringify({ data: { engine: `http://127.0.0.1:${port}` } });
      await runtime.kubectlOk(['patch', 'configmap', 'where', '--type=merge', '-p', patch]);
      const resolved = `--for=jsonpath={.status.lastResolvedAddress}=http://127.0.0.1:${port}`;
      await runtime.kubectlOk(['wait', 'executionengine/by-config', resolved, '--timeout=60s']);
      expect((await ask('by-config-2', 'by-config')).phase).toBe('done');
    });

    it('is reached through a Secret', async () => {
      await runtime.kubectlOk([
        'create',
        'secret',
        'generic',
        'where',
        `--from-literal=engine=http://127.0.0.1:${port}`,
      ]);
      const reference = { valueFrom: { secretKeyRef: { name: 'where', key: 'engine' } } };
      await apply(
        executionEngine('by-secret', reference),
        agent('by-secret', { executionEngine: { name: 'by-secret' } }),
      );
      expect((await ask('by-secret-1', 'by-secret')).phase).toBe('done');
    });

    it('answers only those who send its token, where it has one', async () => {
      const closedPort = await freePort();
      const token = 'a-token-that-nobody-guesses';
      const closed = spawn(process.execPath, ['dist/examples/standalone-engine/main.js'], {
        env: { ...process.env, KUBECONFIG: runtime.kubeconfig, PORT: String(closedPort), ARK_ENGINE_TOKEN: token },
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      const url = `http://127.0.0.1:${closedPort}`;
      const get = async (path: string, given?: string) =>
        (await fetch(url + path, { headers: given ? { authorization: `Bearer ${given}` } : {} })).status;
      const engineWith = (headers: object[]) => {
        const engine = executionEngine('closed', { value: url });
        return { ...engine, spec: { ...(engine.spec as object), headers } };
      };
      try {
        await eventually(async () => expect(await get('/health')).toBe(200));
        expect(await get('/.well-known/agent-card.json')).toBe(401);
        expect(await get('/.well-known/agent-card.json', 'another-token-than-its-own')).toBe(401);
        expect(await get('/.well-known/agent-card.json', token)).toBe(200);
        const headers = { authorization: `Bearer ${token}` };
        const card = await fetch(`http://127.0.0.1:${closedPort}/.well-known/agent-card.json`, { headers });
        expect(await card.json()).toMatchObject({
          securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
          security: [{ token: [] }],
        });
        await apply(engineWith([]), agent('closed', { executionEngine: { name: 'closed' } }));
        const refused = await ask('closed-1', 'closed');
        expect(refused).toMatchObject({ phase: 'error' });
        expect(refused.response.content).toContain('401');
        await runtime.kubectlOk(['create', 'secret', 'generic', 'closed', `--from-literal=header=Bearer ${token}`]);
        const value = { valueFrom: { secretKeyRef: { name: 'closed', key: 'header' } } };
        await apply(engineWith([{ name: 'Authorization', value }]));
        const answered = await ask('closed-2', 'closed');
        expect(answered).toMatchObject({ phase: 'done' });
        expect(JSON.stringify(answered)).not.toContain(token);
        await apply(
          engineWith([{ name: 'Authorization', value: { valueFrom: { secretKeyRef: { name: 'gone', key: 'x' } } } }]),
        );
        await runtime.kubectlOk([
          'wait',
          'executionengine/closed',
          '--for=jsonpath={.status.phase}=error',
          '--timeout=60s',
        ]);
      } finally {
        const ended = once(closed, 'exit');
        closed.kill('SIGTERM');
        await ended;
      }
    });

    it('resolves a Service reference to its cluster name and the port of that name or number', async () => {
      const service = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'engine', namespace: 'default' },
        spec: { ports: [{ name: 'http', port: 8000 }] },
      };
      const byName = { valueFrom: { serviceRef: { name: 'engine', port: 'http', path: '/a2a' } } };
      const byNumber = { valueFrom: { serviceRef: { name: 'engine', port: '8000' } } };
      await apply(service, executionEngine('svc-name', byName), executionEngine('svc-number', byNumber));
      const host = 'http://engine.default.svc.cluster.local:8000';
      for (const [name, url] of Object.entries({ 'svc-name': `${host}/a2a`, 'svc-number': host })) {
        const resolved = `--for=jsonpath={.status.lastResolvedAddress}=${url}`;
        await runtime.kubectlOk(['wait', `executionengine/${name}`, resolved, '--timeout=60s']);
      }
    });
  });

  describe('an engine that speaks A2A 0.3 as the Python SDK does', () => {
    let engine: Ark03Engine;
    beforeAll(async () => {
      engine = await Ark03Engine.listen();
      await apply(
        executionEngine('python', { value: engine.url }),
        agent('snake', { prompt: 'A secret prompt', executionEngine: { name: 'python' } }),
      );
      await runtime.kubectlOk(['wait', 'agent/snake', '--for=condition=Available', '--timeout=60s']);
    });
    afterAll(() => engine?.close());
    afterEach(() => {
      engine.behaviour = 'answer';
      engine.cardUrl = undefined;
      engine.requests.length = 0;
    });

    it('answers, and only the name and namespace of the Query cross the wire', async () => {
      const answer = await ask('snake-1', 'snake', { conversationId: 'thread-1' });
      expect(answer).toMatchObject({
        phase: 'done',
        conversationId: 'thread-1',
        response: { content: 'python says Are you there?', phase: 'done', a2a: { contextId: 'thread-1' } },
        a2a: { contextId: 'thread-1' },
      });
      expect(engine.requests).toHaveLength(1);
      const { body } = engine.requests[0]!;
      expect(body.method).toBe('message/send');
      expect(body.params.configuration).toMatchObject({ blocking: true });
      expect(body.params.message).toMatchObject({
        kind: 'message',
        role: 'user',
        contextId: 'thread-1',
        parts: [{ kind: 'text', text: 'Are you there?' }],
        extensions: [EXTENSION],
      });
      expect(body.params.message.metadata).toEqual({ [`${EXTENSION}/ref`]: { name: 'snake-1', namespace: 'default' } });
      expect(JSON.stringify(engine.requests)).not.toContain('A secret prompt');
    });

    it('gives a completed task as the answer, not as a question', async () => {
      engine.behaviour = 'completed-task';
      expect(await ask('snake-task', 'snake')).toMatchObject({
        phase: 'done',
        response: { content: 'task says Are you there?', a2a: { taskId: 'task-1', contextId: 'context-1' } },
      });
    });

    const failures: [Behaviour, string | RegExp][] = [
      ['status-500', /500/],
      ['cut-off', /connection|closed|terminated|aborted|premature|end/i],
      ['fifty-megabytes', /MiB|too large|larger/i],
      ['not-json', /JSON/i],
      ['rpc-error', 'execution failed: no quota'],
      ['failed-task', 'the tool exploded'],
    ];
    it.each(failures)(
      'makes the Query an error that names the cause when the engine does: %s',
      async (behaviour, cause) => {
        engine.behaviour = behaviour;
        const answer = await ask(`snake-${behaviour}`, 'snake');
        expect(answer.phase).toBe('error');
        expect(answer.response.content).toMatch(cause);
        expect(answer.conditions).toMatchObject([{ type: 'Completed', status: 'True', reason: 'QueryErrored' }]);
        expect((await fetch(`${runtime.endpoints.http}/livez`)).status).toBe(200);
      },
    );

    it('ends at the time-out when the engine never answers', async () => {
      engine.behaviour = 'silence';
      const answer = await ask('snake-silence', 'snake', { timeout: '500ms' });
      expect(answer.phase).toBe('error');
      expect(answer.response.content).toContain('context deadline exceeded');
    });

    it('calls the address, not the foreign host that the card names', async () => {
      engine.cardUrl = 'http://169.254.169.254/latest';
      await apply(
        executionEngine('trickster', { value: engine.url }),
        agent('trick', { executionEngine: { name: 'trickster' } }),
      );
      await runtime.kubectlOk(['wait', 'agent/trick', '--for=condition=Available', '--timeout=60s']);
      expect((await ask('trick-1', 'trick')).response.content).toBe('python says Are you there?');
    });
  });
});
