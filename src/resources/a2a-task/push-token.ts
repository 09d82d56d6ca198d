import { createHash, timingSafeEqual } from 'node:crypto';
import { PUSH_TOKEN_DIGEST } from '../labels.js';
import type { A2ATask } from './a2a-task.resource.js';

/** What of a token may be written down: who reads it cannot send word in the server's name. */
export const pushTokenDigest = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Whether the token is the one that the task's server was given. */
export function isPushTokenOf({ metadata }: A2ATask, token: string): boolean {
  const known = metadata.annotations?.[PUSH_TOKEN_DIGEST];
  const given = pushTokenDigest(token);
  return known?.length === given.length && timingSafeEqual(Buffer.from(known), Buffer.from(given));
}
