/** Everything needed to speak to one API server. */
export interface Connection {
  /** `https://host:port`, maybe with a path. */
  server: string;
  /** PEM. Absent: the system's authorities. */
  ca?: string;
  insecure?: boolean;
  /** The name to expect in the server's certificate, when it is not the host. */
  serverName?: string;
  proxyUrl?: string;
  credentials: Credentials;
  /** Gets fresh credentials after a 401. Absent: there is nothing that could have changed. */
  renew?: () => Promise<Credentials>;
  /** The namespace of the context; `default` where it names none. */
  namespace: string;
  /** Where this came from, for people: a file and context, or the service account. */
  source: string;
}

export interface Credentials {
  token?: string;
  /** PEM, both or none. */
  certificate?: string;
  key?: string;
  /** A password login of the API server. */
  basic?: { username: string; password: string };
  /** `--as` of the kubeconfig user. */
  impersonate?: { user: string; groups: string[] };
}

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
