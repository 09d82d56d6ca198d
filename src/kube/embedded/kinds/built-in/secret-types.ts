import type { UntypedObject } from '../../../../kit/resource/object.js';
import type { StatusCause } from '../../../api-server/status.js';

const ACCOUNT = 'kubernetes.io/service-account.name';
const DOCKER: Record<string, string> = {
  'kubernetes.io/dockercfg': '.dockercfg',
  'kubernetes.io/dockerconfigjson': '.dockerconfigjson',
};

/** What a Secret of a type that Kubernetes knows lacks; other types hold what they like. */
export function checkSecretType({ type, data, metadata }: UntypedObject): StatusCause[] {
  const held = (data ?? {}) as Record<string, string>;
  const lacking = (...keys: string[]) => keys.filter((key) => held[key] === undefined).map(required);
  switch (type) {
    case 'kubernetes.io/tls':
      return lacking('tls.crt', 'tls.key');
    case 'kubernetes.io/ssh-auth':
      return held['ssh-privatekey'] ? [] : [required('ssh-privatekey')];
    case 'kubernetes.io/basic-auth': {
      const missing = lacking('username', 'password');
      return missing.length === 2 ? missing : [];
    }
    case 'kubernetes.io/service-account-token':
      return metadata.annotations?.[ACCOUNT] ? [] : [absent(`metadata.annotations[${ACCOUNT}]`)];
    case 'kubernetes.io/dockercfg':
    case 'kubernetes.io/dockerconfigjson':
      return dockerConfig(DOCKER[type]!, held);
    default:
      return [];
  }
}

function dockerConfig(key: string, held: Record<string, string>): StatusCause[] {
  const text = held[key];
  if (text === undefined) return [required(key)];
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
    if (value === null || (typeof value === 'object' && !Array.isArray(value))) return [];
  } catch {
    // Told below, without the secret itself.
  }
  const message = 'Invalid value: "<secret contents redacted>": must be a JSON object';
  return [{ reason: 'FieldValueInvalid', field: `data[${key}]`, message }];
}

const required = (key: string) => absent(`data[${key}]`);

function absent(field: string): StatusCause {
  return { reason: 'FieldValueRequired', field, message: 'Required value' };
}
