/** A token and when it ends, in milliseconds since 1970. */
export interface AccessToken {
  token: string;
  expiresAt: number;
}

/** Tokens are renewed this long before they end, so that none ends on its way. */
const EARLY_MS = 5 * 60_000;

interface Entry {
  asked: Promise<AccessToken>;
  token?: AccessToken;
}

/** Keeps tokens until shortly before they end. Callers that want the same one at the same time share one request. */
export class TokenCache {
  private readonly entries = new Map<string, Entry>();

  /** @param id of the identity the token is for */
  async get(id: string, request: () => Promise<AccessToken>, now = Date.now()): Promise<string> {
    const kept = this.entries.get(id);
    const fresh = kept && (!kept.token || kept.token.expiresAt - EARLY_MS > now);
    return (await (fresh ? kept.asked : this.ask(id, request))).token;
  }

  private ask(id: string, request: () => Promise<AccessToken>): Promise<AccessToken> {
    const entry: Entry = { asked: request() };
    this.entries.set(id, entry);
    entry.asked.then(
      (token) => (entry.token = token),
      // The next caller tries again.
      () => this.entries.get(id) === entry && this.entries.delete(id),
    );
    return entry.asked;
  }
}
