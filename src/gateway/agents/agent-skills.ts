import type { AgentSkill } from '@a2a-js/sdk';
import { A2A_SERVER_SKILLS, GATEWAY_SKILL, GATEWAY_SKILLS } from '../../resources/labels.js';

const GENERAL = 'general';
/** Where skills may stand, the first one that is there counts: written by a person, or found on a foreign card. */
const KEYS = [GATEWAY_SKILLS, GATEWAY_SKILL, A2A_SERVER_SKILLS];

/**
 * The skills an agent declares in an annotation: JSON, a list of `{id?, name, description, tags, examples?}` or one of
 * them. Without any, or when what stands there is none, the one general skill that every card must have.
 */
export function skillsOf(agent: string, annotations: Record<string, string> | undefined): AgentSkill[] {
  const text = KEYS.map((key) => annotations?.[key]).find((value) => value !== undefined);
  const declared = text === undefined ? [] : parsed(text).flatMap((entry, i) => skill(agent, entry, i));
  return declared.length > 0 ? declared : [generalSkill(agent)];
}

function parsed(text: string): unknown[] {
  try {
    const value = JSON.parse(text) as unknown;
    return Array.isArray(value) ? value : [value];
  } catch {
    // A card with a general skill is better than an agent that cannot be reached.
    return [];
  }
}

function skill(agent: string, entry: unknown, index: number): AgentSkill[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const { id, name, description, tags, examples, inputModes, outputModes } = entry as Record<string, unknown>;
  if (typeof name !== 'string' || name === '') return [];
  return [
    {
      id: typeof id === 'string' && id !== '' ? id : `${agent}-skill-${index}`,
      name,
      // A card must say something about each skill, and JSON of protobuf leaves out what is empty.
      description: typeof description === 'string' && description !== '' ? description : name,
      tags: texts(tags).length > 0 ? texts(tags) : [GENERAL],
      examples: texts(examples),
      inputModes: texts(inputModes),
      outputModes: texts(outputModes),
      securityRequirements: [],
    },
  ];
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];

const generalSkill = (agent: string): AgentSkill =>
  namedSkill(`${agent}-default-skill`, 'General', 'General agent capabilities', GENERAL);

export const namedSkill = (id: string, name: string, description: string, tag: string): AgentSkill => ({
  id,
  name,
  description,
  tags: [tag],
  examples: [],
  inputModes: [],
  outputModes: [],
  securityRequirements: [],
});
