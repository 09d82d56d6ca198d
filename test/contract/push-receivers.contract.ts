import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent } from '../../src/resources/agent/agent.resource.js';
import { PushConfigs } from '../../src/storage/push-configs.js';
import { temporaryFolder } from '../harness/temporary-folder.js';
import { GuardedApplication } from './auth/guarded-application.js';

const TOMORROW = new Date(Date.now() + 86_400_000);

describe('a receiver of push notifications that comes with a message', () => {
  const folder = temporaryFolder({ keep: 'block' });
  let house: GuardedApplication;
  beforeAll(async () => {
    house = await GuardedApplication.start(folder(), {});
    await house.put(Agent, { metadata: { name: 'echo', namespace: 'default' }, spec: { prompt: 'x' } });
  });
  afterAll(() => house?.stop());

  const kept = () => house.app.get(PushConfigs, { strict: false }).tasks(TOMORROW);
  const send = (messageId: string) =>
    house.request({ method: 'POST', url: '/agent/echo/message:send' }, undefined, {
      message: { messageId, role: 'ROLE_USER', parts: [{ text: 'hello' }] },
      configuration: { returnImmediately: true, taskPushNotificationConfig: { url: 'http://receiver.invalid/' } },
    });

  it('is kept with its task, and not where none could be made', async () => {
    const before = await kept();
    // An object holds 256 KiB of annotations, and the id of the message is one.
    const refused = await send('x'.repeat(300 << 10));
    expect({ status: refused.status, body: refused.body.slice(0, 200) }).toMatchObject({ status: 400 });
    expect(await kept()).toEqual(before);
    const { task } = JSON.parse((await send('m')).body) as { task: { id: string } };
    expect(await kept()).toContainEqual({ namespace: 'default', task: task.id });
    expect(await kept()).toHaveLength(before.length + 1);
  });

  it('is refused in words of A2A where a task has many', async () => {
    const { task } = JSON.parse((await send('m')).body) as { task: { id: string } };
    const url = `/agent/echo/tasks/${task.id}/pushNotificationConfigs`;
    const add = (id: number) =>
      house.request({ method: 'POST', url }, undefined, { id: `${id}`, url: 'http://receiver.invalid/' });
    for (let id = 1; id < 20; id += 1) expect((await add(id)).status).toBe(200);
    const { status, body } = await add(20);
    expect(status).toBe(400);
    expect(body).toContain('delete one first');
  });
});
