import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, timed } from './statistics.mjs';

/** What a small commit appends to a write-ahead log: a frame of one page. */
const FRAME = Buffer.alloc(4_120, 1);

/** Milliseconds of one small write that is flushed to the disk the data folders of runtimes are on, p50. */
export async function flushMs(times = 300) {
  const folder = await mkdtemp(join(tmpdir(), 'nest-ark-bench-'));
  const log = await open(join(folder, 'log'), 'a');
  try {
    const each = [];
    for (let i = 0; i < times; i++) {
      await log.write(FRAME);
      each.push((await timed(() => log.datasync())).ms);
    }
    return median(each);
  } finally {
    await log.close();
    await rm(folder, { recursive: true });
  }
}
