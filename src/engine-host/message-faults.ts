import { type Message, Role } from '@a2a-js/sdk';
import { RequestMalformedError } from '@a2a-js/sdk/errors';

const ROLES: readonly Role[] = [Role.ROLE_USER, Role.ROLE_AGENT];

/** Refuses a message without the members that every message must have. @throws RequestMalformedError naming one */
export function refuseUnfinished(message: Message | undefined): asserts message is Message {
  if (!message?.messageId) throw new RequestMalformedError('message.messageId is required');
  // Translations of protocol 0.3 let through what JSON allows.
  if (typeof message.contextId !== 'string') throw new RequestMalformedError('message.contextId must be a text');
  if (!ROLES.includes(message.role)) throw new RequestMalformedError('message.role must be ROLE_USER or ROLE_AGENT');
}
