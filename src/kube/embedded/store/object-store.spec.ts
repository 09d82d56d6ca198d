import { expect, it } from '@jest/globals';
import type { Change } from './change.js';
import { ObjectStore } from './object-store.js';

it('a commit succeeds, and others hear of it, although one listener fails', async () => {
  const store = await ObjectStore.open(':memory:');
  const heard: Change[] = [];
  const stopFailing = store.onCommit(() => {
    throw new Error('not my day');
  });
  store.onCommit((changes) => void heard.push(...changes));
  const { emitWarning } = process;
  const warnings: string[] = [];
  process.emitWarning = (warning: string | Error) => void warnings.push(String(warning));
  try {
    await store.put('/xs', '/o', { apiVersion: 'v1', kind: 'X', metadata: { name: 'o' } });
    expect(store.newest('/xs', '/o')?.object.metadata.name).toBe('o');
    expect(heard).toMatchObject([{ resource: '/xs', key: '/o' }]);
    expect(warnings).toEqual([expect.stringContaining('not my day')]);
  } finally {
    process.emitWarning = emitWarning;
    stopFailing();
    await store.close();
  }
});
