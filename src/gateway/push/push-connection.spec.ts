import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Settings } from '../../machinery/settings/settings.js';
import { PushConnection } from './push-connection.js';

describe('the way to receivers of notifications', () => {
  const { POD_IP } = process.env;
  beforeEach(() => {
    process.env.POD_IP = '10.1.2.3';
  });
  afterEach(() => {
    if (POD_IP === undefined) delete process.env.POD_IP;
    else process.env.POD_IP = POD_IP;
  });
  const send = async (url: string, kubernetes: string) => {
    const connection = new PushConnection({ kubernetes } as Settings);
    const ended = AbortSignal.abort(new Error('sent'));
    const said = await connection.post(url, {}, '{}', ended).catch((error: Error) => error.message);
    await connection.onApplicationShutdown();
    return said;
  };

  it.each(['http://127.0.0.1:8080/', 'http://[::1]/', 'http://x.localhost/', 'http://10.1.2.3:9090/metrics'])(
    'does not lead to the pod itself: %s',
    async (url) => {
      expect(await send(url, 'in-cluster')).toMatch(/this machine itself/);
      expect(await send(url, 'embedded')).toBe('sent');
    },
  );

  it('leads to other pods', async () => {
    expect(await send('http://10.1.2.4:8080/', 'in-cluster')).toBe('sent');
  });
});
