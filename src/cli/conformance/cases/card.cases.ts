import { EXTENSION } from '../answer.js';
import {
  type ConformanceCase,
  type DefineCases,
  type EngineCard,
  expects,
  NotApplicable,
  type Trial,
} from '../trial.js';

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

function card({ card }: Trial): EngineCard {
  if (!card) throw new NotApplicable('there is no card');
  return card;
}

/** The addresses that a card names. */
const addresses = ({ url, supportedInterfaces = [] }: EngineCard) =>
  [url, ...supportedInterfaces.map((door) => door.url)].filter(isText);

const CASES: ConformanceCase[] = [
  {
    title: 'a card is where clients look for it',
    level: 'must',
    run: async ({ card, url }) =>
      expects(card, `neither ${url}.well-known/agent-card.json nor ${url}.well-known/agent.json answers with JSON`),
  },
  {
    title: 'the card says name, description and version',
    level: 'must',
    run: async (trial) => {
      const { name, description, version } = card(trial);
      for (const [field, value] of Object.entries({ name, version })) expects(isText(value), `${field} is missing`);
      expects(typeof description === 'string', 'description is missing');
    },
  },
  {
    title: 'the card has a skill with id and name',
    level: 'must',
    run: async (trial) => {
      const { skills = [] } = card(trial);
      expects(skills.length > 0, 'skills is empty');
      expects(
        skills.every((skill) => isText(skill.id) && isText(skill.name)),
        'a skill has no id or no name',
      );
    },
  },
  {
    title: 'the card names the address that it was read from',
    level: 'should',
    run: async (trial) => {
      const named = addresses(card(trial));
      expects(named.length > 0, 'it names no address');
      const { host } = new URL(trial.url);
      const others = named.filter((address) => !URL.canParse(address) || new URL(address).host !== host);
      expects(others.length === 0, `it names ${others.join(', ')}, and clients that follow it come to another host`);
    },
  },
  {
    title: 'the card lists the extension by which a message names its Query',
    level: 'must',
    run: async (trial) => {
      const uris = card(trial).capabilities?.extensions?.map(({ uri }) => uri) ?? [];
      expects(uris.includes(EXTENSION), `capabilities.extensions has no ${EXTENSION}`);
    },
  },
  {
    title: 'the card offers protocol 1.0 beside 0.3',
    level: 'should',
    run: async (trial) => {
      const spoken = trial.dialects.map(({ name }) => name);
      card(trial);
      expects(
        spoken.some((name) => name.startsWith('1.0')) && spoken.includes('0.3 JSON-RPC'),
        `it offers ${spoken.join(', ')}`,
      );
    },
  },
  {
    title: 'health answers with the status "healthy"',
    level: 'should',
    run: async ({ url, wire, timeoutMs }) => {
      const response = await wire(`${url}health`, { signal: AbortSignal.timeout(timeoutMs) });
      const text = await response.text();
      expects(response.ok && text.includes('"healthy"'), `HTTP ${response.status}: ${text.slice(0, 120)}`);
    },
  },
];

const defineCases: DefineCases = () => CASES;
export default defineCases;
