import { type Artifact, type Message, type Part, Role } from '@a2a-js/sdk';
import type { TaskArtifact, TaskMessage, TaskPart } from '../../resources/a2a-task/task-content.js';

/** Characters of one part that are kept in an object; the answer itself is in the Query. */
const LONGEST_PART = 65_536;

const LONGEST_ID = 256;

/** Parts of the protocol as an A2ATask keeps them: bytes as base64, data as JSON. */
export function taskParts(parts: readonly Part[]): TaskPart[] {
  return parts.flatMap((part) => {
    const kept = contentOf(part);
    return kept ? [{ ...kept, ...stringMap(part.metadata) }] : [];
  });
}

export function taskMessage({ messageId, role, parts, metadata }: Message): TaskMessage {
  return {
    ...(messageId ? { messageId: messageId.slice(0, LONGEST_ID) } : {}),
    role: role === Role.ROLE_USER ? 'user' : 'agent',
    parts: taskParts(parts),
    ...stringMap(metadata),
  };
}

export function taskArtifact(
  { artifactId, name, description, parts, metadata }: Artifact,
  index: number,
): TaskArtifact {
  return {
    artifactId: artifactId || `artifact-${index + 1}`,
    ...(name ? { name } : {}),
    ...(description ? { description } : {}),
    parts: taskParts(parts),
    ...stringMap(metadata),
  };
}

/** Free metadata as the map of texts that the kind wants. */
export function stringMap(metadata: Record<string, unknown> | undefined): { metadata?: Record<string, string> } {
  const entries = Object.entries(metadata ?? {}).map(([key, value]) => [key, asText(value)] as const);
  return entries.length > 0 ? { metadata: Object.fromEntries(entries) } : {};
}

const asText = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, LONGEST_PART);

function contentOf({ content, mediaType }: Part): TaskPart | undefined {
  const type = mediaType && mediaType !== 'text/plain' ? { mimeType: mediaType } : {};
  switch (content?.$case) {
    case 'text':
      return { kind: 'text', text: cut(content.value), ...type };
    case 'data':
      return { kind: 'data', data: asText(content.value), ...type };
    case 'url':
      return { kind: 'file', uri: content.value.slice(0, LONGEST_PART), ...type };
    case 'raw': {
      const data = Buffer.from(content.value).toString('base64');
      if (data.length <= LONGEST_PART) return { kind: 'file', data, ...type };
      return { kind: 'file', ...type, metadata: { omitted: `${content.value.length} bytes are too many to be kept` } };
    }
    default:
      return undefined;
  }
}

const cut = (text: string) =>
  text.length <= LONGEST_PART ? text : `${text.slice(0, LONGEST_PART)} [cut: ${text.length} characters]`;
