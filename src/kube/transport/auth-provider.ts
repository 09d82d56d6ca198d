import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { denied } from '../../kit/errors/ark-error.js';
import { type Credentials, soon } from './connection.js';

/** `users[].user.auth-provider` of a kubeconfig. */
export interface AuthProvider {
  name: string;
  config?: Record<string, string>;
}

/**
 * Sign-in by an `auth-provider`, as `oidc`: the way of before exec plugins. The Kubernetes client library knows them, and is
 * imported for them only, since it costs most of a second and 80 MiB.
 */
export class AuthProviders {
  /** Kept, because a provider may have been given a new refresh token that no file knows. */
  private known?: { text: string; config: KubeConfig };

  async credentials(user: string, provider: AuthProvider): Promise<Credentials> {
    const text = JSON.stringify(provider);
    if (this.known?.text !== text) this.known = { text, config: await configFor(user, provider) };
    const options: RequestOptions = {};
    await this.known.config.applyToHTTPSOptions(options);
    const headers = options.headers as Record<string, string> | undefined;
    const token = /^Bearer\s+(\S+)\s*$/.exec(headers?.Authorization ?? '')?.[1];
    if (token) return { token, freshUntil: soon() };
    throw denied(
      `user "${user}" signs in with the auth-provider "${provider.name}", which gave no token; ` +
        'use an exec plugin or a token in the kubeconfig',
    );
  }
}

async function configFor(user: string, authProvider: AuthProvider): Promise<KubeConfig> {
  const { KubeConfig: Config } = await import('@kubernetes/client-node');
  const config = new Config();
  config.loadFromOptions({
    clusters: [{ name: 'cluster', server: 'https://localhost', skipTLSVerify: false }],
    users: [{ name: user, authProvider: structuredClone(authProvider) }],
    contexts: [{ name: 'context', cluster: 'cluster', user }],
    currentContext: 'context',
  });
  return config;
}
