import { StatusError } from '../../api-server/status.js';

export interface ContinueAt {
  /** The version the whole list is taken at. */
  version: number;
  /** The last key already given. */
  after: string;
}

export function encodeContinue(at: ContinueAt): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: at.version, start: at.after })).toString('base64url');
}

/** Throws BadRequest for a token this server did not make. */
export function decodeContinue(token: string): ContinueAt {
  try {
    const { rv, start } = JSON.parse(Buffer.from(token, 'base64url').toString()) as Record<string, unknown>;
    if (Number.isSafeInteger(rv) && typeof start === 'string') return { version: rv as number, after: start };
  } catch {
    // Falls through: any other text is refused below.
  }
  throw new StatusError(
    'BadRequest',
    'continue key is not valid: it was not made by this server; list again without it',
  );
}
