import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

/** An OpenID Connect issuer of a test's own, with keys that can be rotated. */
export class OidcIssuer {
  /** How often the keys were read. */
  reads = 0;
  private keys: JWK[] = [];
  private published: JWK[] = [];
  private signer!: { kid: string; key: PrivateKey };

  private constructor(private readonly server: Server) {}

  static async start(): Promise<OidcIssuer> {
    const server = createServer((request, response) => {
      const keys = request.url === '/keys';
      if (keys) issuer.reads += 1;
      const body = keys ? { keys: issuer.published } : { issuer: issuer.url, jwks_uri: `${issuer.url}/keys` };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    });
    const issuer = new OidcIssuer(server);
    await issuer.rotate();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return issuer;
  }

  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  /** A new key takes the place of the old one; those who read the keys see it when it is published. */
  async rotate({ publish = true } = {}): Promise<void> {
    const { privateKey: key, publicKey } = await generateKeyPair('ES256');
    const kid = `key-${Date.now()}-${this.keys.length}-${this.reads}`;
    this.keys = [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }];
    this.signer = { kid, key };
    if (publish) this.publish();
  }

  publish(): void {
    this.published = this.keys;
  }

  /** A token for an hour, unless the claims say otherwise. */
  token(claims: JWTPayload): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iss: this.url, sub: 'ana', aud: 'ark', exp: now + 3_600, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: this.signer.kid })
      .sign(this.signer.key);
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }
}
