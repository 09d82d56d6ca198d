import { describe, expect, it } from '@jest/globals';
import { resourceType } from '../../kit/index.js';
import { Agent } from '../../resources/agent/agent.resource.js';
import { resourcePath } from './paths.js';

const AGENTS = '/apis/ark.mckinsey.com/v1alpha1/namespaces/team-a/agents';
const agents = resourceType(Agent);

describe('the path of an object', () => {
  it('holds its namespace and its name', () => {
    expect(resourcePath(agents, { namespace: 'team-a', name: 'v1.echo' })).toBe(`${AGENTS}/v1.echo`);
    expect(resourcePath(agents, { namespace: 'team-a' })).toBe(AGENTS);
    expect(resourcePath(agents)).toBe('/apis/ark.mckinsey.com/v1alpha1/agents');
    expect(resourcePath(agents, { namespace: 'team-a', name: 'a b?c#d:e' })).toBe(`${AGENTS}/a%20b%3Fc%23d%3Ae`);
  });

  it.each(['a/status', '..', '.', '../../namespaces/team-b/agents/x', 'a%2Fstatus', '/'])(
    'leads nowhere for the name %s, which would lead to something else',
    (odd) => {
      const error = { statusReason: 'NotFound', message: `agents.ark.mckinsey.com "${odd}" not found` };
      expect(() => resourcePath(agents, { namespace: 'team-a', name: odd })).toThrow(expect.objectContaining(error));
      expect(() => resourcePath(agents, { namespace: odd, name: 'a' })).toThrow(`namespaces "${odd}" not found`);
    },
  );
});
