import { ok, strictEqual } from 'node:assert/strict';
import { list, object, word } from './speech.js';
import type { GatewayCase } from './task-cases.js';

/** What A2A demands of an agent's card. */
export const CARD_CASES: GatewayCase[] = [
  [
    'says in its card what every card says',
    async ({ echo }) => {
      const card = await echo.card();
      for (const name of ['name', 'description', 'version', 'url', 'protocolVersion']) {
        ok(word(card[name]).trim(), `the card has no ${name}`);
      }
      for (const name of ['defaultInputModes', 'defaultOutputModes']) {
        const modes = card[name];
        ok(Array.isArray(modes) && modes.length > 0, `the card has no ${name}`);
        for (const mode of modes) ok(word(mode).trim(), `${name} holds ${JSON.stringify(mode)}`);
      }
      for (const name of ['streaming', 'pushNotifications']) {
        strictEqual(typeof object(card.capabilities)[name], 'boolean', `capabilities.${name}`);
      }
    },
  ],
  [
    'says of each skill what it is',
    async ({ echo }) => {
      const skills = list((await echo.card()).skills);
      ok(skills.length > 0, 'the card has no skills');
      for (const skill of skills) {
        for (const name of ['id', 'name', 'description']) ok(word(skill[name]), `a skill has no ${name}`);
        ok(Array.isArray(skill.tags) && skill.tags.length > 0, `skill ${word(skill.id)} has no tags`);
      }
    },
  ],
  [
    'names this way to speak to it, and every other',
    async ({ echo }) => {
      const { supportedInterfaces } = await echo.card();
      const ways = list(supportedInterfaces);
      for (const { url, protocolBinding, protocolVersion } of ways) {
        ok(URL.canParse(word(url)), `an interface has the url ${JSON.stringify(url)}`);
        ok(word(protocolBinding) && word(protocolVersion), 'an interface says not what is spoken there');
      }
      const { protocol, transport } = echo.binding;
      const here = ways.find((way) => way.protocolBinding === transport && way.protocolVersion === protocol);
      strictEqual(new URL(word(here?.url)).pathname.replace(/\/$/, ''), new URL(echo.url).pathname.replace(/\/$/, ''));
    },
  ],
];
