import { ArkError, errorText, unavailable } from '../kit/index.js';

/** The network, and SQLSTATE classes for lost connections, exhausted servers and servers that shut down. */
const PASSING = /^(E(CONN\w+|TIMEDOUT|NOTFOUND|PIPE|AI_AGAIN|HOSTUNREACH)|(08|53|57)\w{3})$/;
/** What pg says without a code. */
const PASSING_TEXT =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection)/;
/** SQLite's busy, locked, I/O error, and disk full. */
const SQLITE_PASSING = [5, 6, 10, 13];

/** A failure of the database as `Unavailable`; anything else, e.g. a wrong statement, as it is: a bug. */
export function databaseFailure(error: unknown): unknown {
  if (error instanceof ArkError) return error;
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  const passing =
    PASSING.test(String(code)) ||
    PASSING_TEXT.test(errorText(error)) ||
    SQLITE_PASSING.includes(Number(errcode) & 0xff);
  return passing
    ? unavailable(`the database of conversations does not answer: ${errorText(error)}`, { cause: error })
    : error;
}
