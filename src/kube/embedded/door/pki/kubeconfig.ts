import { dump } from 'js-yaml';

/** The name of cluster, user and context in the kubeconfig file. */
export const CONTEXT_NAME = 'nest-ark';

/** The text of a kubeconfig file for the administrator of the embedded API server. */
export function kubeconfigText(options: { url: string; authority: string; token: string }): string {
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: CONTEXT_NAME,
        cluster: {
          server: options.url,
          'certificate-authority-data': Buffer.from(options.authority).toString('base64'),
        },
      },
    ],
    users: [{ name: CONTEXT_NAME, user: { token: options.token } }],
    contexts: [{ name: CONTEXT_NAME, context: { cluster: CONTEXT_NAME, user: CONTEXT_NAME, namespace: 'default' } }],
    'current-context': CONTEXT_NAME,
  });
}
