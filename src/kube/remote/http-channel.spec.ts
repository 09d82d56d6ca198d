import { getEventListeners } from 'node:events';
import { expect, it } from '@jest/globals';
import type { ClusterAccess } from './cluster-access.js';
import { HttpChannel } from './http-channel.js';

it('a channel that repeats requests leaves nothing behind for each', async () => {
  const died = Object.assign(new Error('the connection died'), { code: 'ECONNRESET' });
  const access = { server: 'https://cluster.example', credentials: () => Promise.reject(died) };
  const channel = new HttpChannel(access as unknown as ClusterAccess, 1_000, 'test');
  await expect(channel.exchange({ verb: 'GET', path: '/' })).rejects.toThrow('the connection died');
  const closing = Reflect.get(channel, 'closing') as AbortController;
  expect(getEventListeners(closing.signal, 'abort')).toEqual([]);
  await channel.close();
});
