import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from '@jest/globals';
import { silentLogger } from '../../../src/kit/testing/index.js';
import { Messages } from '../../../src/storage/messages.js';
import { Storage } from '../../../src/storage/storage.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';

/** Fails as long as another connection to the file is open, in this process, too. */
const ALONE = 'PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT; PRAGMA journal_mode = DELETE';

describe('a database file of a newer version', () => {
  const folder = temporaryFolder();

  it('is refused, and let go for the newer one', async () => {
    const dataDir = folder();
    const file = join(dataDir, 'conversations.db');
    const open = async () => {
      const storage = new Storage({ dataDir }, silentLogger);
      try {
        await new Messages(storage).page({ namespace: 'n' }, 0, 10);
      } finally {
        await storage.onApplicationShutdown();
      }
    };
    await open();
    const newer = new DatabaseSync(file);
    newer.exec("INSERT INTO schema_migrations VALUES ('9999-of-tomorrow', 1)");
    newer.close();
    await expect(open()).rejects.toThrow('it was written by a newer version (9999-of-tomorrow)');
    const alone = new DatabaseSync(file);
    alone.exec(ALONE);
    alone.close();
  });
});
