import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { agent, executionEngine, query, yaml } from '../harness/manifests.js';
import { PatientA2aServer } from '../harness/patient-a2a-server.js';
import { Runtime } from '../harness/runtime.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

const bytesOf = (file: string) => readFile(file).catch(() => Buffer.alloc(0));

const TOKEN = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'patient-key', namespace: 'default' },
  stringData: { token: 'Bearer a-token-of-ours' },
};
const HEADERS = [
  { name: 'Authorization', value: { valueFrom: { secretKeyRef: { name: 'patient-key', key: 'token' } } } },
];

describeWithKubectl('a task that runs long on another server', () => {
  let runtime: Runtime;
  let server: PatientA2aServer;
  beforeEach(async () => {
    server = await PatientA2aServer.listen({ streaming: true });
    server.demanded = 'Bearer a-token-of-ours';
    runtime = await Runtime.start();
    const engine = executionEngine('patient', { value: server.url });
    await runtime.kubectlOk(
      ['apply', '-f', '-'],
      yaml(
        TOKEN,
        { ...engine, spec: { ...engine.spec, headers: HEADERS } },
        agent('far', { executionEngine: { name: 'patient' } }),
        query('long', { input: 'Take your time', target: { type: 'agent', name: 'far' } }),
      ),
    );
    await eventually(() => expect(server.tasks).toHaveLength(1));
  });
  afterEach(async () => {
    await runtime?.dispose();
    await server?.close();
  });
  const status = async () => JSON.parse(await runtime.kubectlOk(['get', 'query', 'long', '-o', 'json'])).status;

  describe.each([
    ['killed', () => runtime.kill()],
    ['asked to stop', () => runtime.stop()],
  ])('when the runtime is %s and comes back', (_, end) => {
    it('is followed to its end, asked for once and never canceled', async () => {
      const [taskId] = server.tasks;
      await eventually(async () => expect((await status()).a2a).toMatchObject({ taskId }));
      await end();
      expect(server.tasks).toEqual([taskId]);
      await runtime.boot();
      await eventually(() => expect(server.count('GetTask')).toBeGreaterThan(0));
      server.finish();
      await runtime.kubectlOk(['wait', 'query/long', '--for=condition=Completed', '--timeout=60s']);
      expect(await status()).toMatchObject({
        phase: 'done',
        response: { content: 'it took its time', a2a: { taskId } },
        claim: { attempt: 2 },
      });
      expect(server.count('SendMessage', 'SendStreamingMessage')).toBe(1);
      expect(server.canceled).toEqual([]);
      expect(server.refused).toBe(0);
    });
  });

  it('for an agent of an A2AServer is followed over a crash, with its token in every request', async () => {
    const spec = { address: { value: server.url }, headers: HEADERS };
    const a2aServer = {
      apiVersion: 'ark.mckinsey.com/v1prealpha1',
      kind: 'A2AServer',
      metadata: { name: 'clinic', namespace: 'default' },
      spec,
    };
    await runtime.kubectlOk(['apply', '-f', '-'], yaml(a2aServer));
    await runtime.kubectlOk(['wait', '--for=condition=Ready', 'a2aserver/clinic', '--timeout=60s']);
    await runtime.kubectlOk(['wait', '--for=condition=Available', 'agent/patient', '--timeout=60s']);
    const target = { type: 'agent', name: 'patient' };
    await runtime.kubectlOk(['apply', '-f', '-'], yaml(query('hosted', { input: 'Take your time', target })));
    await eventually(() => expect(server.tasks).toHaveLength(2));
    const record = [
      'get',
      'a2atasks',
      '-l',
      'ark.mckinsey.com/query-name=hosted',
      '-o',
      'jsonpath={.items[0].status.phase}',
    ];
    await eventually(async () => expect(await runtime.kubectlOk(record)).toBe('running'));
    // The other Query is asked again where its task was not yet written down.
    await eventually(async () => expect((await status()).a2a).toMatchObject({ taskId: server.tasks[0] }));
    await runtime.kill();
    await runtime.boot();
    await eventually(() => expect(server.count('SubscribeToTask')).toBeGreaterThan(0));
    server.finish();
    await runtime.kubectlOk(['wait', 'query/hosted', '--for=condition=Completed', '--timeout=60s']);
    expect(await runtime.kubectlOk(['get', 'query', 'hosted', '-o', 'jsonpath={.status.response.content}'])).toBe(
      'it took its time',
    );
    expect(server.count('SendMessage', 'SendStreamingMessage')).toBe(2);
    expect(server.refused).toBe(0);
  });

  it('is followed after a crash also where a Query has several, asked for once each', async () => {
    const to = ['far', 'near'].map((name) => ({ type: 'agent', name }));
    await runtime.kubectlOk(
      ['apply', '-f', '-'],
      yaml(
        agent('near', { executionEngine: { name: 'patient' } }),
        query('both', { input: 'Take your time', targets: to }),
      ),
    );
    await eventually(() => expect(server.tasks).toHaveLength(3));
    await eventually(async () => expect((await status()).a2a).toMatchObject({ taskId: server.tasks[0] }));
    // Their ids are written down beside the work: the journal of the database names them.
    await eventually(async () => {
      const files = await Promise.all(['', '-wal'].map((end) => bytesOf(`${runtime.dataDir}/conversations.db${end}`)));
      for (const id of server.tasks.slice(1)) expect(files.some((bytes) => bytes.includes(id))).toBe(true);
    });
    await runtime.kill();
    await runtime.boot();
    await eventually(() => expect(server.count('GetTask')).toBeGreaterThan(2));
    server.finish();
    await runtime.kubectlOk(['wait', 'query/both', '--for=condition=Completed', '--timeout=60s']);
    const both = JSON.parse(await runtime.kubectlOk(['get', 'query', 'both', '-o', 'json'])).status;
    expect(both.responses.map(({ content }: { content: string }) => content)).toEqual([
      'it took its time',
      'it took its time',
    ]);
    expect(server.count('SendMessage', 'SendStreamingMessage')).toBe(3);
  });

  it('is canceled when the Query is', async () => {
    const [taskId] = server.tasks;
    await runtime.kubectlOk(['patch', 'query', 'long', '--type=merge', '-p', '{"spec":{"cancel":true}}']);
    await eventually(() => expect(server.canceled).toEqual([taskId]));
    expect((await status()).phase).toBe('canceled');
  });
});
