import { createHash } from 'node:crypto';

const LONGEST_OBJECT_NAME = 253;
const LONGEST_LABEL = 63;
const OBJECT_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * Names an agent may get, the most wanted first. A card of its own gives the agent its name, and the server's comes in
 * front when that is taken; agents from a list have the server's name in front from the start.
 */
export function nameCandidates(server: string, agent: string, listed: boolean): string[] {
  const plain = objectName(agent);
  const prefixed = objectName(`${server}-${plain}`);
  const unique = shortened(prefixed, digest(`${server}/${agent}`));
  return listed ? [prefixed, unique] : [plain, prefixed, unique];
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
