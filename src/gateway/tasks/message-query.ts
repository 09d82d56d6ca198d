import type { Message, Part } from '@a2a-js/sdk';
import { ContentTypeNotSupportedError, RequestMalformedError } from '@a2a-js/sdk/errors';
import { apiVersionOf, resourceType } from '../../kit/index.js';
import { A2A_MESSAGE_ID, A2A_PUSH, ASKED_BY, GATEWAY_LABEL } from '../../resources/labels.js';
import { Query } from '../../resources/query/query.resource.js';
import { orderedUuid } from '../../runtime/ordered-uuid.js';
import type { ServedAgent } from '../agents/served-agent.js';

/** In bytes. The text becomes part of an object, and API servers take none of more than 1.5 MiB. */
const LARGEST_TEXT = 1 << 20;

/** On Queries whose changes somebody is told. */
export const WATCHED = { [A2A_PUSH]: 'true' };

/** What is known about a message besides its words. */
export interface MessageFacts {
  /** Somebody is to be told of changes. */
  watched: boolean;
  /** Who proved to be its sender; empty where nobody has to. */
  askedBy: string;
  /** How long the agent may take. */
  timeoutSeconds: number;
}

/** The Query that asks an agent what a message says. Its name is the id of the task. */
export function queryOf(
  agent: ServedAgent,
  message: Message,
  { watched, askedBy, timeoutSeconds }: MessageFacts,
): Query {
  const type = resourceType(Query);
  return {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    metadata: {
      name: `a2agw-query-${orderedUuid()}`,
      namespace: agent.namespace,
      labels: { [GATEWAY_LABEL]: 'true' },
      annotations: {
        [A2A_MESSAGE_ID]: message.messageId,
        ...(watched ? WATCHED : {}),
        ...(askedBy ? { [ASKED_BY]: askedBy } : {}),
      },
    },
    spec: {
      type: 'user',
      input: textIn(message.parts),
      target: { type: agent.type, name: agent.name },
      timeout: `${timeoutSeconds}s`,
      ...(message.contextId ? { conversationId: message.contextId } : {}),
    },
  };
}

/** @throws when there is nothing that an agent could read */
export function textIn(parts: Part[]): string {
  const texts = parts.map(readable);
  if (texts.length === 0) throw new RequestMalformedError('message.parts must hold at least one part');
  const text = texts.join('\n');
  const bytes = Buffer.byteLength(text);
  if (bytes <= LARGEST_TEXT) return text;
  throw new RequestMalformedError(
    `the message holds ${bytes} bytes of text, and an agent reads at most ${LARGEST_TEXT}: send a link to the rest`,
  );
}

function readable({ content, mediaType, filename }: Part): string {
  if (content?.$case === 'text') return content.value;
  if (content?.$case === 'data') return JSON.stringify(content.value);
  if (content?.$case === 'url') return content.value;
  if (!content) throw new RequestMalformedError('each of message.parts must hold a text, data, a url or raw bytes');
  throw new ContentTypeNotSupportedError(
    `the agent reads text, data and links, not the bytes of '${filename || mediaType || 'a file'}'`,
  );
}
