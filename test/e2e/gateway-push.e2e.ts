import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { eventually } from '../harness/eventually.js';
import { agent, yaml } from '../harness/manifests.js';
import { PushReceiver } from '../harness/push-receiver.js';
import { Runtime } from '../harness/runtime.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

/** What comes over the wire; expectations say what it must be. */
type Json = Record<string, ReturnType<typeof JSON.parse>>;

describeWithKubectl('push notifications of the gateway', () => {
  let runtime: Runtime;
  let receiver: PushReceiver;
  beforeAll(async () => {
    receiver = await PushReceiver.listen();
    runtime = await Runtime.start();
    const slow = { executionEngine: { name: 'echo', options: { delayMs: 100 } } };
    await runtime.kubectlOk(
      ['apply', '-f', '-'],
      yaml(agent('echo', { executionEngine: { name: 'echo' } }), agent('slow', slow)),
    );
  });
  afterAll(async () => {
    await runtime?.dispose();
    await receiver?.close();
  });

  const call = async (method: string, path: string, body?: Json) => {
    const headers = body ? { 'content-type': 'application/json' } : undefined;
    const url = `${runtime.endpoints.http}/agent/${path}`;
    const response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
    return (await response.json()) as Json;
  };
  const rpc = (name: string, method: string, params: Json) =>
    call('POST', `${name}/`, { jsonrpc: '2.0', id: 1, method, params });
  const text03 = (text: string) => ({ kind: 'message', role: 'user', messageId: 'm', parts: [{ kind: 'text', text }] });
  const text10 = (text: string) => ({ role: 'ROLE_USER', messageId: 'm', parts: [{ text }] });
  const LONG = 'word '.repeat(200);
  /** A task that goes on until it is canceled. */
  const longTask = async () => {
    const configuration = { returnImmediately: true };
    const { task } = await call('POST', 'slow/message:send', { message: text10(LONG), configuration });
    return task.id as string;
  };
  const only = async (path: string) => {
    await eventually(() => expect(receiver.at(path).length).toBeGreaterThan(0));
    return receiver.at(path)[0]!;
  };

  it('named with a message of protocol 1.0 tell the answer, signed with the published key', async () => {
    const taskPushNotificationConfig = { url: receiver.url('/one'), token: 'between-us' };
    await call('POST', 'echo/message:send', {
      message: text10('hello'),
      configuration: { taskPushNotificationConfig },
    });
    const { headers, body } = await only('/one');
    expect(headers).toMatchObject({ 'content-type': 'application/a2a+json', 'x-a2a-notification-token': 'between-us' });
    expect(JSON.parse(body)).toMatchObject({
      task: { status: { state: 'TASK_STATE_COMPLETED' }, artifacts: [{ parts: [{ text: 'hello' }] }] },
    });
    const keys = createRemoteJWKSet(new URL(`${runtime.endpoints.http}/.well-known/jwks.json`));
    const jwt = headers.authorization?.replace('Bearer ', '') ?? '';
    const { payload } = await jwtVerify(jwt, keys, { algorithms: ['ES256'], audience: receiver.url('/one') });
    expect(payload).toMatchObject({ iat: expect.any(Number), exp: expect.any(Number), jti: expect.any(String) });
    expect(payload.request_body_sha256).toBe(createHash('sha256').update(body).digest('hex'));
    const published = await (await fetch(`${runtime.endpoints.http}/.well-known/jwks.json`)).text();
    expect(JSON.parse(published).keys[0]).not.toHaveProperty('d');
  });

  it('named with a message of protocol 0.3 come in its form, with the credentials it gave', async () => {
    const authentication = { schemes: ['Bearer'], credentials: 'let-me-in' };
    const pushNotificationConfig = { url: receiver.url('/old'), authentication };
    await rpc('echo', 'message/send', {
      message: text03('hi'),
      configuration: { blocking: true, pushNotificationConfig },
    });
    const { headers, body } = await only('/old');
    expect(headers).toMatchObject({ 'content-type': 'application/json', authorization: 'Bearer let-me-in' });
    expect(headers['x-a2a-notification-signature']).toMatch(/^ey/);
    expect(JSON.parse(body)).toMatchObject({ kind: 'task', status: { state: 'completed' } });
  });

  it('are set, read, listed and deleted in protocol 0.3 and over HTTP, without telling credentials', async () => {
    const taskId = await longTask();
    const authentication = { schemes: ['Basic'], credentials: 'c2VjcmV0' };
    const first = { id: 'a', url: receiver.url('/a'), token: 't', authentication };
    const set = await rpc('slow', 'tasks/pushNotificationConfig/set', { taskId, pushNotificationConfig: first });
    expect(set.result).toMatchObject({ taskId, pushNotificationConfig: { id: 'a', url: receiver.url('/a') } });
    const configs = `slow/tasks/${taskId}/pushNotificationConfigs`;
    expect(await call('POST', configs, { id: 'b', url: receiver.url('/b') })).toMatchObject({ id: 'b', taskId });
    const listed = await call('GET', configs);
    expect(listed.configs.map(({ id }: Json) => id)).toEqual(['a', 'b']);
    expect(JSON.stringify(listed)).not.toContain('c2VjcmV0');
    const got = await rpc('slow', 'tasks/pushNotificationConfig/get', { id: taskId, pushNotificationConfigId: 'b' });
    expect(got.result.pushNotificationConfig.url).toBe(receiver.url('/b'));
    await call('DELETE', `${configs}/b`);
    const { result } = await rpc('slow', 'tasks/pushNotificationConfig/list', { id: taskId });
    expect(result.map(({ pushNotificationConfig }: Json) => pushNotificationConfig.id)).toEqual(['a']);
    expect((await call('GET', `echo/tasks/${taskId}/pushNotificationConfigs`)).error.code).toBe(404);
    await rpc('slow', 'tasks/cancel', { id: taskId });
    expect(JSON.parse((await only('/a')).body)).toMatchObject({ id: taskId, status: { state: 'canceled' } });
    expect(receiver.at('/b')).toEqual([]);
  });

  it('are tried again until the receiver takes them, also by the next process, and then never again', async () => {
    receiver.answer = ({ path }) => (path === '/late' ? 503 : 204);
    const taskPushNotificationConfig = { url: receiver.url('/late') };
    await call('POST', 'echo/message:send', { message: text10('x'), configuration: { taskPushNotificationConfig } });
    await only('/late');
    const before = await (await fetch(`${runtime.endpoints.http}/.well-known/jwks.json`)).text();
    await runtime.stop();
    const tries = receiver.at('/late').length;
    receiver.answer = () => 204;
    await runtime.boot();
    await eventually(() => expect(receiver.at('/late').length).toBe(tries + 1));
    expect(await (await fetch(`${runtime.endpoints.http}/.well-known/jwks.json`)).text()).toBe(before);
    const marker = { url: receiver.url('/marker') };
    const configuration = { taskPushNotificationConfig: marker };
    await call('POST', 'echo/message:send', { message: text10('y'), configuration });
    await only('/marker');
    expect(receiver.at('/late')).toHaveLength(tries + 1);
  });

  it('that set in after the end tell it at once', async () => {
    const { message } = await call('POST', 'echo/message:send', { message: text10('early') });
    await call('POST', `echo/tasks/${message.taskId}/pushNotificationConfigs`, { url: receiver.url('/after') });
    expect(JSON.parse((await only('/after')).body).task.artifacts[0].parts[0].text).toBe('early');
  });

  it.each([
    ['ftp://example.com/', 'http(s)'],
    ['http://169.254.169.254/latest', 'link-local'],
    ['http://metadata.google.internal/', 'metadata'],
    ['http://me:secret@example.com/', 'password'],
    ['', 'http(s)'],
  ])('to %j are refused before anything is asked', async (url, why) => {
    const configuration = { taskPushNotificationConfig: { url } };
    const { error } = await call('POST', 'echo/message:send', { message: text10('x'), configuration });
    expect(error).toMatchObject({ code: 400, message: expect.stringContaining(why) });
    expect(error.message).not.toContain('secret');
  });
});
