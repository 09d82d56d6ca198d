import { V03PushNotificationSerializer } from '@a2a-js/sdk/compat/v0_3/server';
import { V1PushNotificationSerializer } from '@a2a-js/sdk/server';
import type { Query } from '../../resources/query/query.resource.js';
import type { PushConfig } from '../../storage/push-configs.js';
import { taskOf } from '../tasks/query-task.js';

const TOKEN = 'X-A2A-Notification-Token';
const SIGNATURE = 'X-A2A-Notification-Signature';

/** The task as it is now, in the protocol that the receiver's client spoke. */
export function pushBody(query: Query, { protocol }: PushConfig): { body: string; contentType: string } {
  const serializer = protocol === '0.3' ? new V03PushNotificationSerializer() : new V1PushNotificationSerializer();
  const value = taskOf(query);
  return serializer.serialize({ payload: { $case: 'task', value } }, value);
}

/**
 * The receiver's token, and the signature: where the client gave no credentials for it, `Authorization` carries the
 * signature too, which is where receivers of A2A look for it.
 */
export function pushHeaders(config: PushConfig, contentType: string, signature: string): Record<string, string> {
  const { scheme, credentials, token } = config;
  return {
    'content-type': contentType,
    authorization: credentials ? `${scheme || 'Bearer'} ${credentials}` : `Bearer ${signature}`,
    [SIGNATURE]: signature,
    ...(token ? { [TOKEN]: token } : {}),
  };
}
