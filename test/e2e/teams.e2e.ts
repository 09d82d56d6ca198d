import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { agent, query, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';
import { ark, scripted, speaker, team } from '../harness/team-manifests.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

type Spec = Record<string, unknown>;

const picks = (name: string) => ({ toolCalls: [{ name: 'select-next-speaker', arguments: { name } }] });

describeWithKubectl('a team', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await Runtime.start();
    await apply(
      ...speaker('ant', 'Ants.'),
      ...speaker('bee', 'Bees.'),
      ...speaker('cat', 'Cats.'),
      ...speaker('slow', 'Late.', { delayMs: 60_000 }),
      agent('echo', { executionEngine: { name: 'echo' } }),
      scripted('broken', { match: 'never', answer: '' }),
      agent('broken', { modelRef: { name: 'broken' } }),
    );
  });
  afterAll(() => runtime?.dispose());

  const apply = (...objects: Spec[]) => runtime.kubectlOk(['apply', '-f', '-'], yaml(...objects));
  const field = (name: string, path: string) => runtime.kubectlOk(['get', 'query', name, '-o', `jsonpath={${path}}`]);
  const asks = (name: string, more: Spec = {}) => query(name, { input: 'Go', target: { type: 'team', name }, ...more });

  async function ended(name: string) {
    await runtime.kubectlOk(['wait', `query/${name}`, '--for=condition=Completed', '--timeout=60s']);
    const raw = JSON.parse((await field(name, '.status.response.raw')) || '[]') as {
      role: string;
      name?: string;
      content: string;
    }[];
    const said = raw.map((one) => `${one.name ?? one.role}: ${one.content}`);
    return { phase: await field(name, '.status.phase'), content: await field(name, '.status.response.content'), said };
  }

  async function answer(one: Spec & { metadata: { name: string } }, more: Spec = {}) {
    await apply(one, asks(one.metadata.name, more));
    return ended(one.metadata.name);
  }

  it('speaks in the order of the manifest; the last words are the answer, and all tokens count', async () => {
    const { phase, content, said } = await answer(team('row', 'sequential', ['ant', 'bee', 'cat']));
    expect({ phase, content }).toEqual({ phase: 'done', content: 'Cats.' });
    expect(said).toEqual(['ant: Ants.', 'bee: Bees.', 'cat: Cats.']);
    const tokens = { promptTokens: 30, completionTokens: 3, totalTokens: 33 };
    expect(JSON.parse(await field('row', '.status.tokenUsage'))).toEqual(tokens);
    expect(await field('row', '.status.responses[0].target.type')).toBe('team');
  });

  it('goes round until maxTurns, and says so', async () => {
    const { phase, content, said } = await answer(
      team('ring', 'sequential', ['ant', 'bee'], { loops: true, maxTurns: 3 }),
    );
    expect({ phase, content }).toEqual({ phase: 'done', content: 'Ants.' });
    const note = "system: Team ring ended after 3 turns: maxTurns is 3. The last turn was that of agent 'ant'.";
    expect(said).toEqual(['ant: Ants.', 'bee: Bees.', 'ant: Ants.', note]);
  });

  it('of strategy graph follows its edges', async () => {
    const graph = { edges: [{ from: 'bee', to: 'cat' }] };
    const { said } = await answer(team('path', 'graph', ['bee', 'ant', 'cat'], { graph }));
    expect(said).toEqual(['bee: Bees.', 'cat: Cats.']);
  });

  it('of strategy parallel lets everybody speak and answers with all of it', async () => {
    const { content, said } = await answer(team('crowd', 'parallel', ['ant', 'bee', 'echo']));
    expect(content).toBe('# ant\n\nAnts.\n\n# bee\n\nBees.\n\n# echo\n\nGo');
    expect(said).toEqual(['ant: Ants.', 'bee: Bees.', 'echo: Go']);
  });

  it('may mix engines and hold teams, whose words carry their name', async () => {
    await apply(team('pair', 'sequential', ['ant', 'bee']));
    const { said, content } = await answer(team('nest', 'sequential', ['team/pair', 'echo']));
    expect(said).toEqual(['pair: Ants.', 'pair: Bees.', 'echo: Go']);
    expect(content).toBe('Go');
  });

  describe('with a chooser', () => {
    const chooser = (name: string, ...script: Spec[]) => [
      scripted(name, ...script),
      agent(name, { modelRef: { name } }),
    ];
    const chosen = (name: string, agentName: string, more: Spec = {}) =>
      team(name, 'selector', ['ant', 'bee'], { maxTurns: 4, selector: { agent: agentName, ...more } });

    it('lets those speak whom it names, up to maxTurns', async () => {
      await apply(...chooser('beekeeper', picks('bee')));
      const { phase, said } = await answer(chosen('endless', 'beekeeper'));
      expect(phase).toBe('done');
      expect(said).toEqual([
        ...Array(4).fill('bee: Bees.'),
        "system: Team endless ended after 4 turns: maxTurns is 4. The last turn was that of agent 'bee'.",
      ]);
    });

    it('ends when it says so, and its word is the answer', async () => {
      const end = { toolCalls: [{ name: 'terminate', arguments: { response: 'Enough.' } }] };
      await apply(...chooser('ender', end));
      const { content, said } = await answer(chosen('short', 'ender', { enableTerminateTool: true }));
      expect(content).toBe('Enough.');
      expect(said).toEqual(['short: Enough.']);
    });

    it('that names no member twice fails the Query, naming it and the members', async () => {
      await apply(...chooser('confused', picks('dog')));
      const { phase, content } = await answer(chosen('lost', 'confused'));
      expect(phase).toBe('error');
      expect(content).toMatch(/team 'default\/lost': agent 'confused' was asked twice .*"dog"; there are: ant, bee/);
    });

    it('may be a Model, as in the manifests of 2025', async () => {
      await apply(scripted('old', picks('ant')));
      const { said } = await answer(team('aged', 'selector', ['ant'], { maxTurns: 1, selector: { model: 'old' } }));
      expect(said[0]).toBe('ant: Ants.');
    });

    it('on an engine without tools chooses in words', async () => {
      const spec = { maxTurns: 1, selector: { agent: 'echo' } };
      const { phase, content } = await answer(team('worded', 'selector', ['ant', 'bee'], spec));
      // The echo engine says the question again, which names nobody.
      expect({ phase, content }).toMatchObject({
        phase: 'error',
        content: expect.stringMatching(/named no participant/),
      });
    });
  });

  it('whose member fails says which one, and when', async () => {
    const { phase, content } = await answer(team('unlucky', 'sequential', ['ant', 'broken', 'bee']));
    expect(phase).toBe('error');
    expect(content).toMatch(/^team 'default\/unlucky', turn 2: agent 'broken' failed: .*holds no answer to "Go"/);
  });

  it('whose member is deleted while it works says so at that turn', async () => {
    await apply(
      ...speaker('thinker', 'Hm.', { delayMs: 1_500 }),
      agent('visitor', { executionEngine: { name: 'echo' } }),
    );
    await apply(team('farewell', 'sequential', ['thinker', 'visitor']), asks('farewell'));
    await runtime.kubectlOk(['wait', 'query/farewell', '--for=jsonpath={.status.phase}=running', '--timeout=60s']);
    await runtime.kubectlOk(['delete', 'agent', 'visitor']);
    const { phase, content } = await ended('farewell');
    expect(phase).toBe('error');
    expect(content).toMatch(/turn 2: agent 'visitor' failed: .*Agent 'default\/visitor' does not exist/);
    const flags = ['--for=jsonpath={.status.conditions[0].reason}=MemberNotFound', '--timeout=60s'];
    await runtime.kubectlOk(['wait', 'team/farewell', ...flags]);
  });

  it('ends when a member calls terminate', async () => {
    const end = { toolCalls: [{ name: 'terminate', arguments: { response: 'Stop here.' } }] };
    await apply(
      scripted('quitter', end),
      agent('quitter', { modelRef: { name: 'quitter' }, tools: [{ type: 'built-in', name: 'terminate' }] }),
    );
    const { content, said } = await answer(team('early', 'sequential', ['ant', 'quitter', 'bee']));
    expect(content).toBe('Stop here.');
    expect(said.join()).not.toContain('Bees');
  });

  it('takes no turn after its tokens are spent, and says so', async () => {
    const { phase, said } = await answer(team('thrifty', 'sequential', ['ant', 'bee', 'cat'], { maxTokens: 20 }));
    expect(phase).toBe('done');
    expect(said.at(-1)).toBe(
      "system: Team thrifty ended: it has spent 22 tokens, and maxTokens is 20. The last turn was that of agent 'bee'.",
    );
    expect(said).toHaveLength(3);
  });

  it('ends at its timeout, and its members with it', async () => {
    const { phase, content } = await answer(team('late', 'sequential', ['ant', 'slow'], { timeout: '300ms' }));
    expect(phase).toBe('error');
    expect(content).toBe(
      "spec.timeout of team 'default/late': it did not answer within 0.3 seconds; waited for team 'default/late', turn 2: agent 'slow'",
    );
  });

  it('ends at the timeout of its Query, and says whom it waited for', async () => {
    const { phase, content } = await answer(team('later', 'sequential', ['ant', 'slow']), { timeout: '4s' });
    expect(phase).toBe('error');
    expect(content).toMatch(/^context deadline exceeded.*; waited for team 'default\/later', turn 2: agent 'slow'$/);
  });

  it('is printed with a line for each turn, also where one member speaks twice in a row', async () => {
    await apply(team('again', 'sequential', ['ant'], { loops: true, maxTurns: 2 }));
    const { code, stdout } = await runtime.ark(['team', 'again', 'Go']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Ants.\nAnts.\n' });
  });

  it('is canceled with its members', async () => {
    await apply(team('stopped', 'parallel', ['slow', 'slow', 'ant']), asks('stopped'));
    await runtime.kubectlOk(['wait', 'query/stopped', '--for=jsonpath={.status.phase}=running', '--timeout=60s']);
    await runtime.kubectlOk(['patch', 'query', 'stopped', '--type=merge', '-p', '{"spec":{"cancel":true}}']);
    await runtime.kubectlOk(['wait', 'query/stopped', '--for=jsonpath={.status.phase}=canceled', '--timeout=20s']);
  });

  it('of a hundred members comes to its end', async () => {
    const names = Array.from({ length: 100 }, (_, i) => `m${i}`);
    await apply(...names.map((name) => agent(name, { executionEngine: { name: 'echo' } })));
    const one = await answer(team('hundred', 'sequential', names));
    expect({ phase: one.phase, turns: one.said.length }).toEqual({ phase: 'done', turns: 100 });
    expect((await answer(team('hundred-at-once', 'parallel', names))).said).toEqual(one.said);
  });

  it('may be a tool of an agent, but not in circles', async () => {
    await apply(
      team('duo', 'sequential', ['ant', 'bee']),
      ark('Tool', 'ask-duo', { type: 'team', team: { name: 'duo' } }),
      scripted(
        'asker',
        { toolCalls: [{ name: 'ask-duo', arguments: { input: 'Go' } }] },
        { afterTool: '/./s', answer: 'They say: {result}' },
      ),
      agent('asker', { modelRef: { name: 'asker' }, tools: [{ type: 'team', name: 'ask-duo' }] }),
      query('by-tool', { input: 'Ask them', target: { type: 'agent', name: 'asker' } }),
    );
    expect((await ended('by-tool')).content).toMatch(/^They say: [\s\S]*\nBees\.\n/);
    expect(JSON.parse(await field('by-tool', '.status.tokenUsage')).totalTokens).toBeGreaterThan(22);
    await apply(
      team('duo', 'sequential', ['ant', 'asker']),
      query('by-circle', { input: 'Ask', target: { type: 'agent', name: 'asker' } }),
    );
    expect((await ended('by-circle')).content).toContain('it waits for this answer itself (asker → team duo → asker)');
  });

  it('that cannot run says why before anybody speaks', async () => {
    await apply(team('first', 'sequential', ['ant']));
    await apply(team('second', 'sequential', ['team/first']));
    await apply(team('first', 'sequential', ['ant', 'team/second']), asks('first'));
    const circle = await ended('first');
    expect(circle.phase).toBe('error');
    expect(circle.content).toMatch(/teams are members of each other in a circle \(first → second → first\)/);
    expect(circle.content).not.toMatch(/turn/);
    const empty = await answer(team('empty', 'sequential', []));
    expect(empty).toMatchObject({ phase: 'error', content: expect.stringMatching(/has no members/) });
  });
});
