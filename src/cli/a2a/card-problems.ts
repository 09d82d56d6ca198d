import { isObject } from '../../kit/a2a/card-list.js';
import { chosenDoor, offeredDoors, unspokenText } from '../../kit/a2a/offered-doors.js';

type Card = Record<string, unknown>;

const isUrl = (value: unknown) => typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value);
const isText = (value: unknown) => typeof value === 'string' && value.trim() !== '';

/** What is wrong with an agent card of A2A 0.2, 0.3 or 1.0, in the words of its members; empty for a sound one. */
export function cardProblems(card: Card): string[] {
  return [
    ...['name', 'description', 'version'].filter((member) => !isText(card[member])).map((member) => `no ${member}`),
    ...addressProblems(card),
    ...protocolProblems(card),
    ...(isObject(card.capabilities) ? flagProblems(card.capabilities) : ['capabilities are not an object']),
    ...['defaultInputModes', 'defaultOutputModes']
      .filter((member) => card[member] !== undefined && !isListOf(card[member], isText))
      .map((member) => `${member} is not a list of texts`),
    ...skillProblems(card.skills),
  ];
}

function addressProblems({ supportedInterfaces, url }: Card): string[] {
  if (supportedInterfaces === undefined) {
    if (url === undefined) return ['neither url (0.3) nor supportedInterfaces (1.0)'];
    return isUrl(url) ? [] : ['url is not an address of http'];
  }
  if (!Array.isArray(supportedInterfaces) || supportedInterfaces.length === 0)
    return ['supportedInterfaces is not a list with at least one member'];
  return supportedInterfaces.flatMap((door: unknown, index) => {
    const { url: at, protocolBinding, protocolVersion } = isObject(door) ? door : {};
    const where = `supportedInterfaces[${index}]`;
    return [
      // gRPC is called by host and port.
      ...(isUrl(at) || (isText(at) && protocolBinding === 'GRPC') ? [] : [`${where}.url is not an address`]),
      ...(isText(protocolBinding) ? [] : [`${where} has no protocolBinding`]),
      ...(isText(protocolVersion) ? [] : [`${where} has no protocolVersion`]),
    ];
  });
}

function protocolProblems(card: Card): string[] {
  const offered = offeredDoors(card);
  return offered.length === 0 || chosenDoor(card) ? [] : [unspokenText(offered)];
}

function flagProblems(capabilities: Card): string[] {
  return ['streaming', 'pushNotifications', 'extendedAgentCard']
    .filter((flag) => !['undefined', 'boolean'].includes(typeof capabilities[flag]))
    .map((flag) => `capabilities.${flag} is neither true nor false`);
}

function skillProblems(skills: unknown): string[] {
  if (!Array.isArray(skills)) return ['skills are not a list'];
  return skills.flatMap((skill: unknown, index) => {
    if (!isObject(skill)) return [`skills[${index}] is not an object`];
    const missing = ['id', 'name', 'description'].filter((member) => !isText(skill[member]));
    const tags = isListOf(skill.tags, isText) ? [] : ['tags'];
    return [...missing, ...tags].map((member) => `skills[${index}] has no ${member}`);
  });
}

const isListOf = (value: unknown, fits: (one: unknown) => boolean) => Array.isArray(value) && value.every(fits);
