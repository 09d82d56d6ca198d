import { denied, errorText } from '../../kit/errors/ark-error.js';
import type { Connection, Credentials } from './connection.js';

/** Refusals within so many milliseconds of one that was answered with a new sign-in are of the same burst. */
const BURST_MS = 500;

/** The present credentials of a connection, asked for again when they may have changed or were refused. */
export class SignIn {
  private asked?: Promise<Credentials>;
  private freshUntil = 0;
  private refusedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly connection: Pick<Connection, 'server' | 'source' | 'signIn'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws `Denied` when a file cannot be read or a plugin fails; the next call asks again */
  current(): Promise<Credentials> {
    if (this.asked && this.now() < this.freshUntil) return this.asked;
    const asked = this.ask();
    this.asked = asked;
    this.freshUntil = Number.POSITIVE_INFINITY;
    asked.then(
      ({ freshUntil }) => {
        if (this.asked === asked && freshUntil !== undefined) this.freshUntil = freshUntil;
      },
      () => {
        if (this.asked === asked) this.asked = undefined;
      },
    );
    return asked;
  }

  /** The server refused them: the next call asks again, but once for a burst of refusals. */
  refused(): void {
    if (this.now() < this.refusedAt + BURST_MS) return;
    this.refusedAt = this.now();
    this.asked = undefined;
  }

  private async ask(): Promise<Credentials> {
    const { server, source } = this.connection;
    try {
      return await this.connection.signIn();
    } catch (error) {
      throw denied(`no credentials for ${server} (${source}): ${errorText(error)}`, { cause: error });
    }
  }
}
