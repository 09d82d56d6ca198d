import { createWriteStream, openSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { errorText, invalid, type Logger } from '../../kit/index.js';

/** Lines that wait for a disk that does not take them are lost beyond so many bytes. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;
/** After a failure, the file is opened anew at the earliest so much later. */
const RETRY_MS = 10_000;

/** Where lines of the audit log go. */
export interface AuditTarget {
  write(line: string): void;
  close(): Promise<void>;
}

export const standardOutput: AuditTarget = {
  write: (line) => void process.stdout.write(line),
  close: async () => {},
};

/** Adds lines to a file that only its owner may read. After a failure it is opened anew, some time later. */
export class AuditFile implements AuditTarget {
  private stream: Writable;
  private failedAt = 0;
  private lost = 0;
  private isClosed = false;

  /** @throws `Invalid` when the file cannot be written */
  constructor(
    private readonly file: string,
    private readonly logger: Logger,
    private readonly open: (file: string) => Writable = opened,
    private readonly now: () => number = Date.now,
  ) {
    this.stream = this.followed(open(file));
  }

  write(line: string): void {
    if (this.isClosed) {
      this.logger.error({ file: this.file }, 'A line came after the audit log was closed, and is lost');
      return;
    }
    if (this.stream.destroyed && this.now() - this.failedAt >= RETRY_MS) this.openAnew();
    if (this.stream.destroyed || this.stream.writableLength > MOST_WAITING_BYTES) this.lost += 1;
    else this.stream.write(line);
  }

  close(): Promise<void> {
    this.isClosed = true;
    if (this.stream.closed) return Promise.resolve();
    return new Promise((done) => {
      this.stream.once('close', done);
      this.stream.end();
    });
  }

  private followed(stream: Writable): Writable {
    stream.on('error', (error) => this.failed(error));
    stream.on('drain', () => this.confess());
    return stream;
  }

  private openAnew(): void {
    try {
      this.stream = this.followed(this.open(this.file));
      this.confess();
    } catch (error) {
      this.failed(error);
    }
  }

  private failed(error: unknown): void {
    this.failedAt = this.now();
    this.logger.error({ err: error, file: this.file }, 'The audit log cannot be written; it is tried again later');
  }

  private confess(): void {
    if (this.lost === 0) return;
    this.logger.error({ lines: this.lost }, 'Lines of the audit log are lost: its disk did not take them');
    this.lost = 0;
  }
}

function opened(file: string): Writable {
  try {
    return createWriteStream(file, { fd: openSync(file, 'a', 0o600) });
  } catch (error) {
    throw invalid(`ARK_AUDIT_LOG is "${file}", which cannot be written: ${errorText(error)}.`, { cause: error });
  }
}
