import { isObject } from '../../kit/a2a/card-list.js';
import { invalid } from '../../kit/index.js';
import type { FoundAgent } from '../../reconcilers/a2a-server/a2a-discovery.js';

const LONGEST_NAME = 1_000;
const LONGEST_SHOWN = 60;

type Card = Record<string, unknown>;
type Shape = 'a text' | 'a list' | 'an object' | 'true or false';

const FITS: Record<Shape, (value: unknown) => boolean> = {
  'a text': (value) => typeof value === 'string',
  'a list': Array.isArray,
  'an object': isObject,
  'true or false': (value) => typeof value === 'boolean',
};
/** What is read of a card. All but the name may be missing, or null, as some servers write it. */
const MEMBERS: [path: string, shape: Shape][] = [
  ['name', 'a text'],
  ['description', 'a text'],
  ['url', 'a text'],
  ['protocolVersion', 'a text'],
  ['preferredTransport', 'a text'],
  ['additionalInterfaces', 'a list'],
  ['supportedInterfaces', 'a list'],
  ['skills', 'a list'],
  ['capabilities', 'an object'],
  ['capabilities.streaming', 'true or false'],
  ['capabilities.pushNotifications', 'true or false'],
];

/** What a card says of its agent besides how it is called. */
export type CardFacts = Pick<FoundAgent, 'name' | 'description' | 'skills' | 'streaming' | 'pushes'>;

/** @throws Invalid naming the members that are missing or of a wrong type, and what they should be */
export function factsOn(card: unknown): CardFacts {
  if (!isObject(card)) throw invalid('the agent card is not a JSON object');
  const wrong = MEMBERS.flatMap(([path, shape]) => problemAt(card, path, shape));
  if (wrong.length > 0) throw invalid(`the agent card is not sound: ${wrong.join('; ')}`);
  const name = ((card.name ?? '') as string).trim();
  if (!name) throw invalid('the agent card has no name');
  if (name.length > LONGEST_NAME) throw invalid(`the name on the agent card is longer than ${LONGEST_NAME} characters`);
  const { streaming, pushNotifications } = (card.capabilities ?? {}) as Card;
  return {
    name,
    description: (card.description ?? '') as string,
    skills: ((card.skills ?? []) as unknown[]).filter(isObject),
    streaming: streaming === true,
    pushes: pushNotifications === true,
  };
}

function problemAt(card: Card, path: string, shape: Shape): string[] {
  const value = path.split('.').reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), card);
  if (value === undefined || value === null || FITS[shape](value)) return [];
  const text = JSON.stringify(value);
  const shown = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
  return [`${path} must be ${shape} and is ${shown}`];
}
