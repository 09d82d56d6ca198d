/** Where one API server is, and how to sign in there. */
export interface Connection {
  /** `https://host:port`, maybe with a path; no slash at its end. */
  server: string;
  insecure?: boolean;
  /** The name to expect in the server's certificate, when it is not the host. */
  serverName?: string;
  /** An HTTP proxy. */
  proxyUrl?: string;
  /** The namespace of the context; `default` where it names none. */
  namespace: string;
  /** Where this came from, for people: a file and context, or the service account. */
  source: string;
  /** Reads files and asks plugins anew, each time; `SignIn` remembers what they said. */
  signIn(): Promise<Credentials>;
}

/** Everything about a connection that may change while the process runs. */
export interface Credentials {
  /** Authorities of the server, PEM. Absent: those of the system. */
  ca?: string;
  token?: string;
  /** PEM, both or none. */
  certificate?: string;
  key?: string;
  /** A password login of the API server. */
  basic?: { username: string; password: string };
  /** `as` of the kubeconfig user. */
  impersonate?: { user: string; groups: string[] };
  /** Milliseconds since 1970: from then on they may have changed. Absent: only a refusal tells. */
  freshUntil?: number;
}

/** Files are read again after so many milliseconds, so that what is rotated is taken up. */
const SOON_MS = 10_000;

/** For `freshUntil`. */
export const soon = (): number => Date.now() + SOON_MS;

/** The headers that carry the credentials; certificates travel in the handshake. */
export function credentialHeaders(credentials: Credentials): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  if (credentials.token) headers.authorization = `Bearer ${credentials.token}`;
  else if (credentials.basic) {
    const { username, password } = credentials.basic;
    headers.authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
  if (credentials.impersonate) {
    headers['impersonate-user'] = credentials.impersonate.user;
    if (credentials.impersonate.groups.length > 0) headers['impersonate-group'] = credentials.impersonate.groups;
  }
  return headers;
}
