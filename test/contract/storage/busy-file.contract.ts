import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLogger } from '../../../src/kit/testing/index.js';
import { Messages } from '../../../src/storage/messages.js';
import { Storage } from '../../../src/storage/storage.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';

/** As a backup, or somebody who looks into the file with SQLite's own program, would. */
describe('a database file that another process holds', () => {
  const folder = temporaryFolder();
  let storage: Storage;
  let messages: Messages;
  let other: DatabaseSync;
  let dataDir: string;
  const file = () => join(dataDir, 'conversations.db');
  const entry = { namespace: 'n', conversationId: 'c', queryId: 'q', messages: ['"hello"'] };
  const kept = async () => (await messages.page({ namespace: 'n' }, 0, 10)).map(({ message }) => message);
  /** Holds the file until work of this process has had many turns. */
  const hold = async () => {
    other.exec('begin immediate');
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
    other.exec('commit');
  };
  beforeEach(() => {
    dataDir = folder();
    storage = new Storage({ dataDir }, silentLogger);
    messages = new Messages(storage);
  });
  afterEach(async () => {
    other.close();
    await storage.onApplicationShutdown();
  });

  it('is written when it is free again, and other work goes on meanwhile', async () => {
    await messages.append(entry);
    other = new DatabaseSync(file());
    const held = hold();
    await messages.append({ ...entry, messages: ['"again"'] });
    await held;
    expect(await kept()).toEqual(['"hello"', '"again"']);
  });

  it('is opened when it is free again, and other work goes on meanwhile', async () => {
    other = new DatabaseSync(file());
    const held = hold();
    await messages.append(entry);
    await held;
    expect(await kept()).toEqual(['"hello"']);
  });
});
