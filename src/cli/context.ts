import type { Location } from './cluster/locate.js';
import type { ExitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';

/** What one run of the command line carries along. */
export interface CliContext {
  readonly terminal: Terminal;
  /** The name it was called by; as `fark` the queries it made are deleted after printing. */
  readonly alias: 'ark' | 'fark';
  /** Set by commands whose end is neither success nor an exception. */
  exitCode: ExitCode;
  /** Whether errors go out as JSON; known once the flags are parsed. */
  jsonErrors?: boolean;
  /** Where the command looked, to explain a connection that fails. */
  location?: Location;
}
