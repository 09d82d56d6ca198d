import { describe, expect, it } from '@jest/globals';
import { skillsOf } from './agent-skills.js';

const PLURAL = 'a2a.mckinsey.com/skills';
const SINGULAR = 'a2a.mckinsey.com/skill';
const FOUND = 'ark.mckinsey.com/a2a-server-skills';

const routing = { id: 'route', name: 'Routing', description: 'Finds train routes', tags: ['travel'] };
const booking = { id: 'book', name: 'Booking', description: 'Buys tickets', tags: ['travel', 'money'] };
const whole = { examples: [], inputModes: [], outputModes: [], securityRequirements: [] };
const general = {
  ...{ id: 'planner-default-skill', name: 'General', description: 'General agent capabilities', tags: ['general'] },
  ...whole,
};
const shown = (key: string, written: unknown) => skillsOf('planner', { [key]: JSON.stringify(written) });

describe('the skills of an agent', () => {
  it.each([PLURAL, SINGULAR, FOUND])('are the list that the annotation %s holds, in its order', (key) => {
    expect(shown(key, [routing, booking])).toEqual([
      { ...routing, ...whole },
      { ...booking, ...whole },
    ]);
  });

  it.each([PLURAL, SINGULAR])('may be a single one in the annotation %s', (key) => {
    expect(shown(key, routing)).toEqual([{ ...routing, ...whole }]);
  });

  it('are those that a person wrote, before those that were found on the card of its server', () => {
    const one = (name: string) => JSON.stringify([{ name }]);
    const named = (annotations: Record<string, string>) => skillsOf('planner', annotations).map(({ name }) => name);
    expect(named({ [FOUND]: one('found'), [SINGULAR]: one('written') })).toEqual(['written']);
    expect(named({ [SINGULAR]: one('one'), [PLURAL]: one('many') })).toEqual(['many']);
  });

  it('come with their examples and the media they take and give', () => {
    const modes = { inputModes: ['text/plain'], outputModes: ['application/json'] };
    const skill = { ...routing, examples: ['Oslo to Rome', 7], ...modes };
    expect(shown(PLURAL, [skill])).toEqual([{ ...routing, ...whole, ...modes, examples: ['Oslo to Rome'] }]);
  });

  it.each([
    ['an id', { ...routing, id: undefined }, { ...routing, id: 'planner-skill-0' }],
    ['an id that is a text', { ...routing, id: 7 }, { ...routing, id: 'planner-skill-0' }],
    ['a description', { ...routing, description: '' }, { ...routing, description: 'Routing' }],
    ['tags', { ...routing, tags: undefined }, { ...routing, tags: ['general'] }],
    ['tags that are texts', { ...routing, tags: [7, null] }, { ...routing, tags: ['general'] }],
    ['a list of tags', { ...routing, tags: 'travel' }, { ...routing, tags: ['general'] }],
  ])('that lack %s get what a card must have', (_what, written, skill) => {
    expect(shown(PLURAL, [written])).toEqual([{ ...skill, ...whole }]);
  });

  it('leave out what is no skill, and keep the place that the others have', () => {
    const { id: _, ...nameless } = booking;
    const entries = [routing, { id: 'x' }, { name: '' }, { name: 7 }, null, 'text', nameless];
    expect(shown(PLURAL, entries).map(({ id }) => id)).toEqual(['route', 'planner-skill-6']);
  });

  it.each(['[{"name": "Rou', '', 'Routing', '[]', '{}', 'null', '7', '"Routing"', '[[{"name":"Routing"}]]'])(
    'are the general one when the annotation holds %j',
    (text) => {
      expect(skillsOf('planner', { [PLURAL]: text })).toEqual([general]);
    },
  );

  it('are the general one without an annotation', () => {
    expect(skillsOf('planner', undefined)).toEqual([general]);
    expect(shown('a2a.mckinsey.com/other', [routing])).toEqual([general]);
  });
});
