import { Role, type SendMessageRequest } from '@a2a-js/sdk';
import { textPart } from '../../engine-host/a2a-parts.js';

/** What is said to an agent of somebody else. */
export interface Utterance {
  text: string;
  messageId: string;
  /** The conversation to continue. */
  contextId?: string;
  /** The task that waits for this. */
  taskId?: string;
}

/**
 * The A2A message for an agent on an A2A server: the words and nothing of the cluster. The server need not hold the
 * request until a task has ended: the task is followed.
 */
export function hostedMessage({ text, messageId, contextId = '', taskId = '' }: Utterance): SendMessageRequest {
  return {
    tenant: '',
    message: {
      messageId,
      contextId,
      taskId,
      role: Role.ROLE_USER,
      parts: [textPart(text)],
      metadata: undefined,
      extensions: [],
      referenceTaskIds: [],
    },
    configuration: {
      acceptedOutputModes: [],
      returnImmediately: true,
      historyLength: undefined,
      taskPushNotificationConfig: undefined,
    },
    metadata: undefined,
  };
}
