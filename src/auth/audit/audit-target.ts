import { createWriteStream, openSync, type WriteStream } from 'node:fs';
import { errorText, invalid, type Logger } from '../../kit/index.js';

/** Lines that wait for a disk that does not take them are lost beyond so many bytes. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;

/** Where lines of the audit log go. */
export interface AuditTarget {
  write(line: string): void;
  close(): Promise<void>;
}

export const standardOutput: AuditTarget = {
  write: (line) => void process.stdout.write(line),
  close: async () => {},
};

/** Adds lines to a file that only its owner may read. */
export class AuditFile implements AuditTarget {
  private readonly stream: WriteStream;
  private lost = 0;

  /** @throws `Invalid` when the file cannot be written */
  constructor(
    file: string,
    private readonly logger: Logger,
  ) {
    this.stream = createWriteStream(file, { fd: opened(file) });
    this.stream.on('error', (error) => logger.error({ err: error, file }, 'The audit log cannot be written'));
    this.stream.on('drain', () => this.confess());
  }

  write(line: string): void {
    if (this.stream.writableLength > MOST_WAITING_BYTES) this.lost += 1;
    else this.stream.write(line);
  }

  close(): Promise<void> {
    return new Promise((done) => {
      this.stream.once('close', done);
      this.stream.end();
    });
  }

  private confess(): void {
    if (this.lost === 0) return;
    this.logger.error({ lines: this.lost }, 'Lines of the audit log are lost: its disk is too slow');
    this.lost = 0;
  }
}

function opened(file: string): number {
  try {
    return openSync(file, 'a', 0o600);
  } catch (error) {
    throw invalid(`ARK_AUDIT_LOG is "${file}", which cannot be written: ${errorText(error)}.`, { cause: error });
  }
}
