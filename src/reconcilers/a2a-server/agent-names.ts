import { createHash } from 'node:crypto';
import type { AgentNamePrefix } from '../../resources/a2a-server/a2a-server.resource.js';

const LONGEST_OBJECT_NAME = 253;
const LONGEST_LABEL = 63;
const OBJECT_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Names an agent may get, the most wanted first: as its card has it, with the server's in front, or both in turn. */
export function nameCandidates(server: string, agent: string, prefix: AgentNamePrefix): string[] {
  const plain = objectName(agent);
  if (prefix === 'never') return [plain];
  const prefixed = objectName(`${server}-${plain}`);
  const unique = shortened(prefixed, digest(`${server}/${agent}`));
  return prefix === 'always' ? [prefixed, unique] : [plain, prefixed, unique];
}

/** `Weather Reporter` becomes `weather-reporter`. What cannot be said in a name is told apart by a digest. */
export function objectName(text: string): string {
  const simple = text.toLowerCase().replaceAll(/[_ ]/g, '-');
  if (simple.length <= LONGEST_OBJECT_NAME && OBJECT_NAME.test(simple)) return simple;
  const readable = text
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  if (readable === '') return `agent-${digest(text)}`;
  return readable.length <= LONGEST_LABEL ? readable : shortened(readable, digest(text));
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8);

function shortened(name: string, suffix: string): string {
  return `${name.slice(0, LONGEST_LABEL - suffix.length - 1).replace(/[-.]+$/, '')}-${suffix}`;
}
