import type { NamespaceThing } from './namespace-contents.js';

/** Who Pods are that name no other account. */
export const DEFAULT_ACCOUNT: NamespaceThing = { name: 'default' };

/** @param certificate of the authority that signed the server's, in PEM */
export const rootCertificate = (certificate: string): NamespaceThing => ({
  name: 'kube-root-ca.crt',
  annotations: {
    'kubernetes.io/description':
      'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the ' +
      'internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
  },
  data: { 'ca.crt': certificate },
});
