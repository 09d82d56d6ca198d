import { chmod, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { silentLogger } from '../../../src/kit/testing/index.js';
import { Messages } from '../../../src/storage/messages.js';
import { Storage } from '../../../src/storage/storage.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';

const folder = temporaryFolder();

it('conversations on disk are for the eyes of their owner, whatever the umask says and whoever made the file', async () => {
  const dataDir = folder();
  const before = process.umask(0);
  try {
    for (const again of [false, true]) {
      const storage = new Storage({ dataDir }, silentLogger);
      const ids = { namespace: 'n', conversationId: 'c', queryId: 'q', queryName: 'q' };
      await new Messages(storage).append({ ...ids, messages: ['{}'], again, ttlSeconds: 60 });
      const files = (await readdir(dataDir)).filter((name) => name.startsWith('conversations.db'));
      expect(files.sort()).toEqual(['conversations.db', 'conversations.db-shm', 'conversations.db-wal']);
      for (const file of files) expect((await stat(join(dataDir, file))).mode & 0o777).toBe(0o600);
      await storage.onApplicationShutdown();
      // As versions before this one left it.
      await chmod(join(dataDir, 'conversations.db'), 0o644);
    }
  } finally {
    process.umask(before);
  }
});
