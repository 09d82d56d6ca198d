import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { rememberingLogger } from '../../../test/harness/engine-process.js';
import { AuditFile } from './audit-target.js';

/** A file on a disk that is full while `full` is set. */
function fullDisk() {
  const logger = rememberingLogger();
  const disk = { full: true, opened: 0, lines: [] as string[], now: 1_000_000 };
  const open = () => {
    disk.opened += 1;
    return new Writable({
      write: (chunk: Buffer, _, done) => {
        if (disk.full) return done(new Error('ENOSPC'));
        disk.lines.push(chunk.toString());
        done();
      },
    });
  };
  const file = new AuditFile('audit.log', logger, open, () => disk.now);
  return { disk, file, logger };
}

const turn = () => new Promise((done) => setImmediate(done));

describe('an audit log on a disk that was full', () => {
  it('goes on when there is room again, and is not tried all the time before', async () => {
    const { disk, file } = fullDisk();
    file.write('lost\n');
    await turn();
    for (const line of ['a\n', 'b\n']) file.write(line);
    expect(disk.opened).toBe(1);
    disk.full = false;
    disk.now += 10_000;
    file.write('kept\n');
    await turn();
    expect(disk).toMatchObject({ opened: 2, lines: ['kept\n'] });
    await file.close();
  });

  it('holds no shutdown up', async () => {
    const { file } = fullDisk();
    file.write('lost\n');
    await turn();
    await file.close();
  });

  it('is not opened again once it was closed, and says what that cost', async () => {
    const { disk, file, logger } = fullDisk();
    disk.full = false;
    file.write('kept\n');
    await file.close();
    file.write('late\n');
    await turn();
    expect(disk).toMatchObject({ opened: 1, lines: ['kept\n'] });
    expect(logger.errors).toEqual([{ file: 'audit.log' }]);
  });
});
