import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { freePort } from '../harness/free-port.js';
import { query, resource, yaml } from '../harness/manifests.js';
import { PatientA2aServer } from '../harness/patient-a2a-server.js';
import { Runtime } from '../harness/runtime.js';
import { type A2aCall, ScriptedA2aServer } from '../harness/scripted-a2a-server.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

const WITHIN = { within: 60_000 };
const KEY = 'Bearer a-token-of-ours';

interface Order {
  taskId: string;
  pushNotificationConfig: { url: string; token: string; authentication: { schemes: string[]; credentials: string } };
}

describeWithKubectl('tasks of an A2A server that sends push notifications', () => {
  let server: ScriptedA2aServer;
  let runtime: Runtime;
  const states = new Map<string, string>();
  const orders = new Map<string, Order['pushNotificationConfig']>();

  const task = (id: string) => ({
    kind: 'task',
    id,
    contextId: `context-${id}`,
    status: {
      state: states.get(id) ?? 'working',
      message: { kind: 'message', role: 'agent', messageId: `m-${id}`, parts: [{ kind: 'text', text: `about ${id}` }] },
    },
  });
  function serve({ method, params, result, error }: A2aCall): void {
    const { message, id, taskId } = params as { message?: { parts: { text: string }[] }; id?: string; taskId?: string };
    if (message) result(task(message.parts[0]?.text ?? ''));
    else if (method !== 'tasks/pushNotificationConfig/set') result(task(id ?? ''));
    else if (taskId === 'stubborn') error(-32003, 'not today');
    else {
      const order = params as unknown as Order;
      orders.set(order.taskId, order.pushNotificationConfig);
      result(order);
    }
  }
  const looks = (id: string) =>
    server.calls.filter((call) => call.method === 'tasks/get' && call.params.id === id).length;
  const ask = (name: string, agent = 'courier') =>
    runtime.kubectlOk(['apply', '-f', '-'], yaml(query(name, { input: name, target: { type: 'agent', name: agent } })));
  const phase = (name: string, wanted: string) =>
    eventually(
      async () =>
        expect(await runtime.kubectlOk(['get', 'query', name, '-o', 'jsonpath={.status.phase}'])).toBe(wanted),
      WITHIN,
    );
  const taskNameOf = (name: string) =>
    runtime.kubectlOk([
      'get',
      'a2atasks',
      '-l',
      `ark.mckinsey.com/query-name=${name}`,
      '-o',
      'jsonpath={.items[0].metadata.name}',
    ]);
  const ordered = async (id: string) => {
    await eventually(() => expect(orders.has(id)).toBe(true), WITHIN);
    return orders.get(id)!;
  };
  const notify = async (url: string, headers: Record<string, string>) => {
    const body = JSON.stringify({ kind: 'task', id: 'lie', status: { state: 'completed' } });
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return response.status;
  };
  const counted = async (outcome: string) => {
    const figures = await (await fetch(`${runtime.endpoints.http}/metrics`)).text();
    const line = new RegExp(`^ark_a2a_notifications_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm');
    return Number(line.exec(figures)?.[1] ?? 0);
  };

  beforeAll(async () => {
    server = await ScriptedA2aServer.listen((url) => ({
      name: 'courier',
      description: 'Sends word',
      url,
      version: '1',
      protocolVersion: '0.3.0',
      capabilities: { pushNotifications: true },
      skills: [],
    }));
    server.onCall = serve;
    server.demanded = KEY;
    const port = await freePort();
    const args = ['--port', String(port), '--public-url', `http://127.0.0.1:${port}`];
    runtime = await Runtime.start({ args });
    const headers = [
      { name: 'Authorization', value: { valueFrom: { secretKeyRef: { name: 'courier', key: 'token' } } } },
    ];
    const object = resource('A2AServer', 'couriers', { address: { value: server.url }, headers }, 'v1prealpha1');
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'courier' }, stringData: { token: KEY } };
    await runtime.kubectlOk(['apply', '-f', '-'], yaml(secret, object));
    await runtime.kubectlOk(['wait', '--for=condition=Ready', 'a2aserver/couriers', '--timeout=60s']);
    await runtime.kubectlOk(['wait', '--for=condition=Available', 'agent/courier', '--timeout=60s']);
  });
  afterAll(async () => {
    await runtime?.dispose();
    await server?.close();
  });

  it('are looked at when word of them comes with their token, and only then believed', async () => {
    await ask('parcel');
    const { url, token, authentication } = await ordered('parcel');
    expect(token.length).toBeGreaterThanOrEqual(43);
    expect(authentication).toEqual({ schemes: ['Bearer'], credentials: token });
    expect(server.refused).toBe(0);
    // What the notification says is a lie: the server itself says that it works still.
    await eventually(() => expect(looks('parcel')).toBeGreaterThanOrEqual(2), WITHIN);
    const before = looks('parcel');
    expect(await notify(url, { 'x-a2a-notification-token': token })).toBe(204);
    await eventually(() => expect(looks('parcel')).toBeGreaterThan(before), WITHIN);
    await phase('parcel', 'running');
    states.set('parcel', 'completed');
    expect(await notify(url, { authorization: `Bearer ${token}` })).toBe(204);
    await phase('parcel', 'done');
    expect(await runtime.kubectlOk(['get', 'query', 'parcel', '-o', 'jsonpath={.status.response.content}'])).toBe(
      'about parcel',
    );
    expect(await counted('accepted')).toBeGreaterThanOrEqual(2);
    const everything = await runtime.kubectlOk(['get', 'a2atasks,queries,agents,events', '-o', 'json']);
    expect(`${everything}${runtime.output}`).not.toContain(token);
  });

  it('are not believed when the token is missing, wrong, or of another task, which is counted', async () => {
    await ask('letter');
    await ask('card');
    const { url } = await ordered('letter');
    const { token } = await ordered('card');
    const before = await counted('refused');
    expect(await notify(url, {})).toBe(401);
    expect(await notify(url, { 'x-a2a-notification-token': 'x'.repeat(43) })).toBe(401);
    expect(await notify(url, { 'x-a2a-notification-token': token })).toBe(401);
    expect(await notify(url.replace('letter', 'nothing'), { 'x-a2a-notification-token': token })).toBe(401);
    expect(await notify(url, { 'x-a2a-notification-token': 'x'.repeat(11 << 10) })).toBe(401);
    expect((await counted('refused')) - before).toBe(5);
    const huge = fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-a2a-notification-token': token },
      body: JSON.stringify('x'.repeat(11 << 20)),
    });
    // A body that is refused unread may cut the connection before the answer is seen.
    await huge.then(
      ({ status }) => expect(status).toBe(413),
      () => undefined,
    );
    for (const id of ['letter', 'card']) states.set(id, 'completed');
    await notify(url, { 'x-a2a-notification-token': orders.get('letter')!.token });
    await notify(orders.get('card')!.url, { 'x-a2a-notification-token': token });
    await phase('letter', 'done');
    await phase('card', 'done');
  });

  it('are looked at from time to time when the server will send no word after all', async () => {
    await ask('stubborn');
    await eventually(() => expect(looks('stubborn')).toBeGreaterThan(2), WITHIN);
    states.set('stubborn', 'completed');
    await phase('stubborn', 'done');
    const digest = 'jsonpath={.items[0].metadata.annotations}';
    expect(
      await runtime.kubectlOk(['get', 'a2atasks', '-l', 'ark.mckinsey.com/query-name=stubborn', '-o', digest]),
    ).not.toContain('token');
  });

  it('are ordered and heard of in protocol 1.0, from a server made of its own SDK', async () => {
    const current = await PatientA2aServer.listen({ streaming: false, pushes: true, name: 'pigeon' });
    try {
      const place = resource('A2AServer', 'pigeons', { address: { value: current.url } }, 'v1prealpha1');
      await runtime.kubectlOk(['apply', '-f', '-'], yaml(place));
      await runtime.kubectlOk(['wait', '--for=condition=Ready', 'a2aserver/pigeons', '--timeout=60s']);
      await runtime.kubectlOk(['wait', '--for=condition=Available', 'agent/pigeon', '--timeout=60s']);
      await ask('note', 'pigeon');
      await eventually(() => expect(current.count('CreateTaskPushNotificationConfig')).toBe(1), WITHIN);
      const [taskId = ''] = current.tasks;
      const [receiver, ...others] = await current.receiversOf(taskId);
      expect(others).toEqual([]);
      const { url, token, authentication } = receiver!;
      expect(url).toBe(
        `${runtime.endpoints.http}/v1/a2a-tasks/${await taskNameOf('note')}/notifications?namespace=default`,
      );
      expect(authentication).toEqual({ scheme: 'Bearer', credentials: token });
      // It has looked once more after the order, and trusts from then on that word comes.
      await eventually(() => expect(current.count('GetTask')).toBeGreaterThanOrEqual(2), WITHIN);
      const before = await counted('accepted');
      current.finish();
      await phase('note', 'done');
      expect(await counted('accepted')).toBeGreaterThan(before);
      const answer = ['get', 'query', 'note', '-o', 'jsonpath={.status.response.content}'];
      expect(await runtime.kubectlOk(answer)).toBe('it took its time');
    } finally {
      await current.close();
    }
  });

  it('are heard of after the runtime was killed, without being asked for again', async () => {
    await ask('crate');
    const { url, token } = await ordered('crate');
    await runtime.kill();
    const before = looks('crate');
    await runtime.boot();
    await eventually(() => expect(looks('crate')).toBeGreaterThan(before), WITHIN);
    states.set('crate', 'completed');
    expect(await notify(url, { 'x-a2a-notification-token': token })).toBe(204);
    await phase('crate', 'done');
    const sets = server.calls.filter(
      ({ method, params }) => method === 'tasks/pushNotificationConfig/set' && params.taskId === 'crate',
    );
    expect(sets).toHaveLength(1);
    expect(server.calls.filter(({ params }) => JSON.stringify(params.message ?? '').includes('crate'))).toHaveLength(1);
  }, 180_000);
});
