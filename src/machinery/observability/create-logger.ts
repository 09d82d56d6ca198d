import { pino, stdTimeFunctions } from 'pino';
import type { Logger } from '../../kit/index.js';
import { humanLine } from './human-line.js';

/** Where log text goes, e.g. `process.stdout`. */
export interface LogTarget {
  isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * The logger of a process. JSON lines, one fact per field; on a terminal one short line for a person.
 * Default target: standard output. `ambient` gives facts of the current work for every line.
 */
export function createLogger(
  level: 'debug' | 'info' | 'warn' | 'error',
  target: LogTarget = process.stdout,
  ambient?: () => object,
): Logger {
  const destination = {
    write: (line: string) => void target.write(target.isTTY ? humanLine(line) : line),
  };
  return pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      ...(ambient ? { mixin: ambient } : {}),
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}
